import { readFileSync, readdirSync } from 'fs';
import { join } from 'path';
import { KubernetesObject } from '../kindDefinition';

const FOLDER = join(__dirname, '../../../../../test/fixtures/clusters');

/** The ground truth beside a captured state (`apiserver.md`). */
export interface Truth {
  name: string;
  control: boolean;
  affected: string[];
  rootCause: string[];
  mayBeAffected: string[];
  notAffected: string[];
  capturedAt: string;
}

export interface CapturedState {
  truth: Truth;
  items: KubernetesObject[];
  capturedAt: number;
}

function read(file: string): any {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
}

/** Every file that holds a state, `.before` ones included. */
export function stateFiles(): string[] {
  return readdirSync(FOLDER).filter(
    file => file.endsWith('.json') && !file.endsWith('.truth.json'),
  );
}

export function readItems(file: string): KubernetesObject[] {
  return read(file).items;
}

export function capturedNames(): string[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.truth.json'))
    .map(file => file.slice(0, -'.truth.json'.length));
}

export function capturedState(name: string): CapturedState {
  const truth: Truth = read(`${name}.truth.json`);
  return {
    truth,
    items: readItems(`${name}.json`),
    capturedAt: Date.parse(truth.capturedAt),
  };
}

/** The objects of a recorded watch of every kind, in order, lists first; without bookmarks. */
export function recordedObjects(file: string): KubernetesObject[] {
  return readFileSync(join(FOLDER, file), 'utf8')
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => JSON.parse(line))
    .flatMap(({ items, ev, gv, kind }) => {
      if (items) {
        return items.map((item: any) => ({ ...item, apiVersion: gv, kind }));
      }
      return ev.type === 'BOOKMARK' || ev.type === 'ERROR' ? [] : [ev.object];
    });
}

export function recordedWatches(): string[] {
  return readdirSync(FOLDER).filter(file => file.endsWith('.watch.ndjson'));
}
