import type { PodMatrix } from '@kubernetes-topology/engine';

/** The matrix as JSON, a line for each source: of thousands of pods it is longer than a text may be. */
export function* matrixJson(
  { pods, ports, allowed }: PodMatrix,
  more: object,
): Generator<string> {
  yield '{';
  yield `  "pods": ${JSON.stringify(pods)},`;
  yield `  "ports": ${JSON.stringify(ports)},`;
  for (const [name, value] of Object.entries(more)) {
    yield `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`;
  }
  yield '  "allowed": [';
  for (const [at, table] of allowed.entries()) {
    yield '    [';
    for (const [source, row] of table.entries()) {
      const comma = source + 1 < table.length ? ',' : '';
      yield `      ${JSON.stringify(row)}${comma}`;
    }
    yield at + 1 < allowed.length ? '    ],' : '    ]';
  }
  yield '  ]';
  yield '}';
}
