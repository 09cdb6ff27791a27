import { readFileSync } from 'fs';
import path from 'path';
import { parseAllDocuments } from 'yaml';
import { kindFromText } from './rules/kindText';
import { loadShippedRules } from './rules/loadRules';
import { KIND_DEFINITIONS } from '.';

const FILE = path.join(__dirname, '../../../../docs/cluster-role.yaml');

interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const read: PolicyRule[] = parseAllDocuments(readFileSync(FILE, 'utf8'))
  .map(document => document.toJS())
  .find(({ metadata }) => metadata.name === 'kubernetes-topology-read').rules;

function mayRead(group: string, plural?: string): boolean {
  return read.some(
    ({ apiGroups, resources, verbs }) =>
      apiGroups.includes(group) &&
      (plural === undefined ||
        resources.includes('*') ||
        resources.includes(plural)) &&
      ['list', 'watch'].every(verb => verbs.includes(verb)),
  );
}

describe('the role of the documentation', () => {
  it('lets the engine read every kind that it knows', () => {
    expect(
      KIND_DEFINITIONS.filter(({ plural }) => plural !== '')
        .filter(({ id, plural }) => !mayRead(id.group, plural))
        .map(({ id, plural }) => `${plural}.${id.group}`),
    ).toEqual([]);
  });

  it('lets the engine read every group that rule files speak of', async () => {
    const rules = await loadShippedRules();
    const groups = rules
      .flatMap(named => named.rules.kinds)
      .map(({ kind }) => kindFromText(kind).group);
    expect(groups.length).toBeGreaterThan(20);
    expect(groups.filter(group => !mayRead(group))).toEqual([]);
  });

  it('grants nothing but reading, and Secrets by their name alone', () => {
    expect(new Set(read.flatMap(({ verbs }) => verbs))).toEqual(
      new Set(['list', 'watch']),
    );
    const wide = read.filter(({ resources }) => resources.includes('*'));
    expect(wide.filter(({ apiGroups }) => apiGroups.includes(''))).toEqual([]);
    expect(read.filter(({ apiGroups }) => apiGroups.includes('*'))).toEqual([]);
  });
});
