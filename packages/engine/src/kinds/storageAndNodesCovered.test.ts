import { readdirSync, readFileSync } from 'fs';
import path from 'path';
import { RELATIONS } from './relations';

/**
 * Sections C (storage) and G (nodes) of `relationships.md`, "Storage" and "Nodes and control plane" of `health.md`: where
 * each number is built, or why it is not.
 */
type Covered = { relations: string[] } | { files: string[] } | { not: string };

const RELATION_NUMBERS: Record<string, Covered> = {
  R042: { relations: ['pod-persistentvolumeclaim'] },
  R043: { relations: ['pod-persistentvolumeclaim'] },
  R044: { relations: ['persistentvolumeclaim-persistentvolume'] },
  // The API server writes the default class into the claim, also later on; a claim without one has no edge to draw.
  R045: { relations: ['storageclass-persistentvolumeclaim'] },
  R046: {
    relations: [
      'persistentvolumeclaim-volumeattributesclass',
      'persistentvolume-volumeattributesclass',
      'volumeattributesclass-csidriver',
    ],
  },
  R047: { relations: ['persistentvolumeclaim-datasource'] },
  R048: { relations: ['storageclass-persistentvolume'] },
  R049: { relations: ['persistentvolume-csidriver'] },
  R050: { relations: ['persistentvolume-secret'] },
  // Of affinities that name nodes: a zone would be an edge to each of thousands.
  R051: { relations: ['persistentvolume-node'] },
  R052: { relations: ['storageclass-csidriver'] },
  R053: { relations: ['storageclass-secret', 'volumesnapshotclass-secret'] },
  R054: {
    relations: [
      'csidriver-daemonset',
      'csidriver-deployment',
      'csidriver-statefulset',
    ],
  },
  R055: { relations: ['csinode-node'] },
  R056: { relations: ['csinode-csidriver', 'volumeattachment-csinode'] },
  R057: {
    relations: ['csistoragecapacity-storageclass', 'csistoragecapacity-node'],
  },
  R058: { relations: ['volumeattachment-persistentvolume'] },
  R059: { relations: ['volumeattachment-node'] },
  R060: { relations: ['volumeattachment-csidriver'] },
  R061: {
    relations: [
      'volumesnapshot-persistentvolumeclaim',
      'volumesnapshot-volumesnapshotcontent',
      'volumesnapshot-volumesnapshotclass',
      'volumesnapshotcontent-volumesnapshotclass',
      'volumesnapshotcontent-csidriver',
      'volumesnapshotclass-csidriver',
    ],
  },
  R126: { relations: ['node-lease'] },
  R127: { relations: ['lease-pod'] },
  R128: { relations: ['node-nodepool', 'node-machine'] },
  R130: { files: ['nodeOrigin.ts'] },
};

const HEALTH_NUMBERS: Record<string, Covered> = {
  H095: { files: ['persistentVolumeClaim.ts'] },
  H096: { files: ['persistentVolumeClaim.ts'] },
  H097: { files: ['persistentVolumeClaim.ts'] },
  H098: { files: ['persistentVolumeClaim.ts'] },
  H099: { files: ['persistentVolumeClaim.ts'] },
  H100: { files: ['persistentVolumeClaim.ts'] },
  H101: { files: ['persistentVolumeClaim.ts'] },
  H102: { files: ['persistentVolumeClaim.ts'] },
  H103: { files: ['persistentVolumeClaim.ts'] },
  H104: { files: ['persistentVolumeClaim.ts'] },
  H105: { files: ['persistentVolumeClaim.ts'] },
  H106: { files: ['persistentVolume.ts'] },
  H107: { files: ['persistentVolume.ts'] },
  H108: { files: ['persistentVolume.ts'] },
  H109: { files: ['persistentVolume.ts'] },
  H110: { files: ['volumeAttachment.ts'] },
  H111: { files: ['persistentVolume.ts', 'volumeAttachment.ts'] },
  H112: { files: ['storageClass.ts'] },
  H113: { files: ['csiNode.ts'] },
  H114: { files: ['volumeSnapshot.ts'] },
  H115: { files: ['node.ts'] },
  H116: { files: ['node.ts'] },
  H117: { files: ['node.ts'] },
  H118: { files: ['node.ts'] },
  H119: { files: ['node.ts'] },
  H120: { files: ['node.ts'] },
  H121: { files: ['node.ts'] },
  H122: { files: ['node.ts'] },
  H123: {
    not: 'a drain that is stuck shows in budgets two hops away (node, pod, budget): a question for analysis, not a status',
  },
  H124: { files: ['node.ts'] },
  H125: {
    not: 'the object tells only its last transition, and events about a node that is Ready are no evidence (section 2): a question for the history',
  },
  H126: {
    not: 'no problem, and counting the pods of a node anew at each change of one would slow every pod down: a query counts them',
  },
  H127: { files: ['lease.ts'] },
  H128: { files: ['lease.ts'] },
  H129: { files: ['apiService.ts'] },
  H130: { files: ['namespace.ts'] },
  H131: { files: ['customResourceDefinition.ts'] },
  H132: { files: ['customResourceDefinition.ts'] },
};

function numbers(letter: string, first: number, last: number): string[] {
  return Array.from(
    { length: last - first + 1 },
    (_, index) => `${letter}${String(first + index).padStart(3, '0')}`,
  );
}

it('leaves no number out', () => {
  expect(Object.keys(RELATION_NUMBERS)).toEqual([
    ...numbers('R', 42, 61),
    'R126',
    'R127',
    'R128',
    'R130',
  ]);
  expect(Object.keys(HEALTH_NUMBERS)).toEqual(numbers('H', 95, 132));
});

const sources = new Map(
  readdirSync(__dirname)
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map(file => [file, readFileSync(path.join(__dirname, file), 'utf8')]),
);
const tests = readdirSync(__dirname)
  .filter(
    file => file.endsWith('.test.ts') && file !== path.basename(__filename),
  )
  .map(file => readFileSync(path.join(__dirname, file), 'utf8'))
  .join('\n');

it.each(Object.entries(RELATION_NUMBERS))('%s', (number, covered) => {
  const citing = RELATIONS.filter(({ rules }) => rules.includes(number)).map(
    ({ name }) => name,
  );
  const relations = 'relations' in covered ? covered.relations : [];
  const files = 'files' in covered ? covered.files : [];
  expect(citing).toEqual(expect.arrayContaining(relations));
  expect(files.filter(file => !sources.get(file)?.includes(number))).toEqual(
    [],
  );
  expect(relations.length + files.length).toBeGreaterThan(0);
});

it.each(Object.entries(HEALTH_NUMBERS))('%s', (number, covered) => {
  const files = [...sources]
    .filter(
      ([, text]) =>
        text.includes(`rule: '${number}'`) || text.includes(`'${number}'`),
    )
    .map(([file]) => file);
  const expected = 'files' in covered ? covered.files : [];
  expect(files.filter(file => expected.includes(file)).sort()).toEqual(
    [...expected].sort(),
  );
  expect(tests.includes(number)).toBe(expected.length > 0);
});
