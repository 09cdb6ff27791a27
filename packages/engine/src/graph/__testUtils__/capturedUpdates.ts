import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { KIND_DEFINITIONS } from '../../kinds';
import { kindText } from '../../kinds/identity';
import { KubernetesObject } from '../../kinds/kindDefinition';
import { KindUpdate } from '../../kinds/update';

const FOLDER = join(__dirname, '../../../../../test/fixtures/clusters');

/** Names of the captured cluster states. */
export const CAPTURED_STATES: readonly string[] = readdirSync(FOLDER)
  .filter(file => file.endsWith('.json') && !file.endsWith('.truth.json'))
  .map(file => file.slice(0, -'.json'.length))
  .sort();

/** A captured state as the cluster stage would tell it: every kind listed, in two pages. */
export function capturedUpdates(
  state: string,
  cluster: string,
  now: number,
): KindUpdate[] {
  const objects: KubernetesObject[] = JSON.parse(
    readFileSync(join(FOLDER, `${state}.json`), 'utf8'),
  ).items;
  return updatesOf(objects, cluster, now);
}

/** Objects as the cluster stage would tell them: every kind of the engine listed, in two pages. */
export function updatesOf(
  objects: readonly KubernetesObject[],
  cluster: string,
  now: number,
): KindUpdate[] {
  return KIND_DEFINITIONS.flatMap((definition): KindUpdate[] => {
    const { id: kind } = definition;
    const observed = objects
      .filter(object => textOf(object) === kindText(kind))
      .map(object => definition.observe(object, { cluster, now }));
    const middle = Math.floor(observed.length / 2);
    return [
      { type: 'listing', kind },
      { type: 'page', kind, observed: observed.slice(0, middle) },
      { type: 'page', kind, observed: observed.slice(middle) },
      { type: 'listed', kind, resourceVersion: '1' },
    ];
  });
}

function textOf({ apiVersion, kind }: KubernetesObject): string {
  const [group, version] = String(apiVersion).split('/');
  return version === undefined ? String(kind) : `${kind}.${group}`;
}
