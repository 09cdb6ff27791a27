import { KubernetesObject } from '../kinds/kindDefinition';
import { bruteForce } from './__testUtils__/bruteForce';
import {
  Corner,
  cornerCluster,
  CORNER_PODS,
  expectedTable,
  shownTable,
} from './__testUtils__/corners/corner';
import { ADDRESS_CORNERS } from './__testUtils__/corners/addressCorners';
import { PORT_CORNERS } from './__testUtils__/corners/portCorners';
import { RULE_CORNERS } from './__testUtils__/corners/ruleCorners';
import { SELECTOR_CORNERS } from './__testUtils__/corners/selectorCorners';
import { inputOfObjects } from './inputOfObjects';
import { parseAskedPort } from './askedPort';
import { podMatrix } from './podMatrix';
import { Reachability } from './reachability';

const TABLES: Record<string, readonly Corner[]> = {
  selectors: SELECTOR_CORNERS,
  rules: RULE_CORNERS,
  ports: PORT_CORNERS,
  addresses: ADDRESS_CORNERS,
};

afterAll(() => {
  const counts = Object.entries(TABLES).map(
    ([name, corners]) => `${corners.length} of ${name}`,
  );
  process.stdout.write(`corner cases of policies: ${counts.join(', ')}\n`);
});

describe.each(Object.entries(TABLES))('%s', (_, corners) => {
  it.each(corners.map(corner => [corner.title, corner] as const))(
    '%s',
    (_title, { policies, port = '80/TCP', expect: lines }) => {
      const objects = cornerCluster(policies);
      const expected = shownTable(expectedTable(lines));
      const model = Reachability.create(inputOfObjects(objects));
      expect(model.invalid).toEqual([]);
      const { pods, allowed } = podMatrix(model, [parseAskedPort(port)]);
      expect(pods).toEqual(CORNER_PODS);
      expect(shownTable(allowed[0])).toBe(expected);
      // What the tables say and what the documentation says is the same.
      expect(shownTable(bruteTable(objects, parseAskedPort(port)))).toBe(
        expected,
      );
    },
  );
});

/** Names of ports are the same in all of its pods. */
function bruteTable(
  objects: readonly KubernetesObject[],
  { port, protocol }: ReturnType<typeof parseAskedPort>,
): boolean[][] {
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  const number =
    typeof port === 'number' ? port : Number(/\d+/.exec(port)?.[0]);
  return pods.map(from =>
    pods.map(to =>
      bruteForce(objects, { pod: from }, { pod: to }, number, protocol),
    ),
  );
}
