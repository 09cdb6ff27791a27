import type {
  PodMatrix,
  PolicyChangeAnswer,
  PortRange,
  ReachReport,
  RoutePath,
} from '@kubernetes-topology/engine';
import { indented } from '../failure';
import { textTable } from '../textTable';

const ALL_PORTS = 65_535;
/** Rows of a picture of a matrix; a larger one is told as JSON. */
const WIDEST_MATRIX = 60;

/** `TCP 80,8080-8090, UDP 53`, as np-guard's analyser writes it. */
export function portsText(ports: readonly PortRange[]): string {
  const isAll = (range: PortRange) =>
    range.from === 1 && range.to === ALL_PORTS;
  if (ports.length === 3 && ports.every(isAll)) {
    return 'all';
  }
  const byProtocol = new Map<string, string[]>();
  for (const range of ports) {
    const spans = byProtocol.get(range.protocol) ?? [];
    byProtocol.set(range.protocol, [...spans, spanText(range)]);
  }
  return [...byProtocol]
    .map(([protocol, spans]) => `${protocol} ${spans.join(',')}`)
    .join(', ');
}

function spanText({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

export function reportText(report: ReachReport): string {
  const { summary, egress, ingress, change, pair } = report;
  const lines = [summary];
  for (const [name, side] of Object.entries({ egress, ingress })) {
    if (side.policies.length === 0) {
      continue;
    }
    lines.push('', `${name} of ${name === 'egress' ? pair?.from : pair?.to}:`);
    for (const policy of side.policies) {
      const mark = policy.allows ? '✓' : '✗';
      lines.push(`  ${mark} NetworkPolicy ${policy.namespace}/${policy.name}`);
      if (policy.rules.length === 0) {
        lines.push(`      has no ${name} rules: it lets nothing through`);
      }
      for (const rule of policy.rules) {
        const why = [
          !rule.peerMatches && 'it speaks of others',
          !rule.portMatches && 'of other ports',
        ].filter(part => part);
        lines.push(
          `      ${rule.field}: ${
            rule.allows
              ? ['allows', ...rule.peers, ...rule.ports].join(' ')
              : why.join(', ')
          }`,
        );
      }
    }
  }
  if (change.length > 0) {
    lines.push('', 'The smallest change:');
    for (const edit of change) {
      lines.push(`  ${edit.text}`);
      if (typeof edit.value !== 'string') {
        lines.push(indented(indented(JSON.stringify(edit.value))));
      }
    }
  }
  return lines.join('\n');
}

export function connectionsText(
  connections: readonly {
    source: string;
    destination: string;
    ports: readonly PortRange[];
    always?: readonly PortRange[];
  }[],
): string {
  return textTable(
    ['SOURCE', 'DESTINATION', 'PORTS'],
    connections.map(({ source, destination, ports, always }) => [
      source,
      destination,
      `${portsText(ports)}${
        always ? ` (of some pods; of all: ${portsText(always) || 'none'})` : ''
      }`,
    ]),
  );
}

/** A line a source, a column a destination: X reaches, . does not. */
export function matrixText({ pods, ports, allowed }: PodMatrix): string {
  if (pods.length > WIDEST_MATRIX) {
    return ports
      .map((port, at) => {
        const count = allowed[at].flat().filter(Boolean).length;
        return `${port}: ${count} of ${
          pods.length ** 2
        } pairs are allowed; -o json tells which, --by workload folds them`;
      })
      .join('\n');
  }
  const width = Math.max(...pods.map(pod => pod.length), 0);
  return ports
    .map((port, at) =>
      [
        `${port} (X: the pod of the line reaches that of the column)`,
        ...pods.map(
          (pod, source) =>
            `${String(source + 1).padStart(3)} ${pod.padEnd(width)}  ${allowed[
              at
            ][source]
              .map(cell => (cell ? 'X' : '.'))
              .join(' ')}`,
        ),
      ].join('\n'),
    )
    .join('\n\n');
}

export function routeText(path: RoutePath): string {
  return [
    `${path.kind} ${path.namespace}/${path.name}${
      path.controllers.length > 0
        ? `, taken in by ${path.controllers.join(', ')}`
        : ''
    }`,
    ...path.backends.flatMap(({ field, service, port, summary, endpoints }) => [
      `  ${field} → Service ${service}:${port} → ${
        endpoints.join(', ') || 'nobody'
      }`,
      `    ${summary}`,
    ]),
  ].join('\n');
}

export function changeText(answer: PolicyChangeAnswer): string {
  const part = (
    title: string,
    connections: PolicyChangeAnswer['added'],
  ): string[] =>
    connections.length > 0
      ? [`${title}:`, indented(connectionsText(connections)), '']
      : [];
  const lines = [
    `It governs ${answer.governed.length} pods.`,
    ...(answer.governed.length > 0
      ? [indented(answer.governed.slice(0, 20).join('\n'))]
      : []),
    ...(answer.governed.length > 20
      ? [`  and ${answer.governed.length - 20} more`]
      : []),
    '',
    ...part('Allowed only after it', answer.added),
    ...part('Allowed no more', answer.removed),
    ...(answer.added.length + answer.removed.length === 0
      ? ['No connection changes.', '']
      : []),
  ];
  return lines.join('\n').trimEnd();
}
