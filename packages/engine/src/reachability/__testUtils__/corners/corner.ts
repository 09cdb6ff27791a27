import { parse } from 'yaml';
import { KubernetesObject } from '../../../kinds/kindDefinition';

/**
 * The cluster of upstream's end-to-end tests of network policies: namespaces x, y and z, labelled `ns`, with pods a, b
 * and c, labelled `pod`. All serve TCP, UDP and SCTP on 80 and 81, by names like `serve-80-tcp`. x/a has 10.1.1.1, x/b
 * 10.1.1.2, … y/a 10.1.2.1, … z/c 10.1.3.3.
 */
export const CORNER_PODS = ['x', 'y', 'z'].flatMap(namespace =>
  ['a', 'b', 'c'].map(name => `${namespace}/${name}`),
);

const SERVED = [80, 81].flatMap(containerPort =>
  ['TCP', 'UDP', 'SCTP'].map(protocol => ({
    name: `serve-${containerPort}-${protocol.toLowerCase()}`,
    containerPort,
    protocol,
  })),
);

export interface Corner {
  title: string;
  /** Where each policy is, and its spec in YAML. */
  policies: readonly (readonly [namespace: string, spec: string])[];
  /** Default: 80/TCP. */
  port?: string;
  /**
   * `into x/a: y/* z/b` – only these reach it; `out of …` – only these are reached by it. Everything that no line
   * speaks of is open. Lists: `x/a`, `x/*`, `*` for any namespace or name, `all`, `nobody`, `all but x/a`. A pod always reaches itself.
   */
  expect: string;
}

export function cornerCluster(
  policies: Corner['policies'],
): KubernetesObject[] {
  return [
    ...['x', 'y', 'z'].map(name => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { ns: name } },
    })),
    ...CORNER_PODS.map((pod, index) => {
      const [namespace, name] = pod.split('/');
      const address = `10.1.${Math.floor(index / 3) + 1}.${(index % 3) + 1}`;
      return {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace, labels: { pod: name } },
        spec: { nodeName: `node-${name}`, containers: [{ ports: SERVED }] },
        status: { phase: 'Running', podIPs: [{ ip: address }] },
      };
    }),
    ...policies.map(([namespace, spec], index) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `policy-${index}`, namespace },
      spec: parse(spec),
    })),
  ];
}

/** The table that the lines mean: by source, then destination. */
export function expectedTable(expect: string): boolean[][] {
  const table = CORNER_PODS.map(() => CORNER_PODS.map(() => true));
  for (const line of expect.split('\n').map(one => one.trim())) {
    if (line === '' || line === 'all open') {
      continue;
    }
    const match = /^(into|out of) (.+): (.+)$/.exec(line);
    if (!match) {
      throw new Error(`no expectation: ${line}`);
    }
    const [, side, subjects, others] = match;
    const [own, open] = [podsOf(subjects), podsOf(others)];
    CORNER_PODS.forEach((source, row) =>
      CORNER_PODS.forEach((destination, column) => {
        const [subject, other] =
          side === 'into' ? [destination, source] : [source, destination];
        if (own.has(subject) && !open.has(other) && source !== destination) {
          table[row][column] = false;
        }
      }),
    );
  }
  return table;
}

function podsOf(list: string): Set<string> {
  const [kept, cut] = list.split(/\s*\bbut\b\s*/);
  const found = new Set<string>();
  const matching = (word: string) => {
    const [namespace, name] = word.split('/');
    return CORNER_PODS.filter(
      pod =>
        word === 'all' ||
        ((namespace === '*' || pod.startsWith(`${namespace}/`)) &&
          (name === '*' || pod.endsWith(`/${name}`))),
    );
  };
  for (const word of kept.split(/\s+/)) {
    if (word !== 'nobody') {
      matching(word).forEach(pod => found.add(pod));
    }
  }
  for (const word of (cut ?? '').split(/\s+/).filter(one => one !== '')) {
    matching(word).forEach(pod => found.delete(pod));
  }
  return found;
}

/** As a table that shows where two differ. */
export function shownTable(table: readonly (readonly boolean[])[]): string {
  return [
    `     ${CORNER_PODS.join(' ')}`,
    ...table.map(
      (row, index) =>
        `${CORNER_PODS[index]}  ${row
          .map(cell => (cell ? ' X ' : ' . '))
          .join(' ')}`,
    ),
  ].join('\n');
}
