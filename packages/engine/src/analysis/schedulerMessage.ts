/** Why one group of nodes does not take a pod, in the scheduler's words. */
export interface SchedulerReason {
  /** How many nodes; `undefined` where the reason is not counted (unbound claims). */
  nodes?: number;
  text: string;
}

/** What `PodScheduled.message` says (`rca-scenarios.md`, T-UNSCHED). */
export interface SchedulerMessage {
  /** Of how many nodes, `undefined` where the message does not count them. */
  total?: number;
  reasons: SchedulerReason[];
}

/**
 * Reads the scheduler's message. Parsed by known shapes and not by position, since wording and order differ between
 * versions; what it does not know stays as text.
 *
 *     0/3 nodes are available: 1 node(s) had untolerated taint {k: v}, 2 Insufficient cpu. preemption: …
 */
export function parseSchedulerMessage(message: string): SchedulerMessage {
  const withoutPreemption = message.replace(/\.?\s*preemption:.*$/s, '');
  const head = /^\s*\d+\/(\d+) nodes are available:?\s*/.exec(
    withoutPreemption,
  );
  const body = head
    ? withoutPreemption.slice(head[0].length)
    : withoutPreemption;
  const reasons: SchedulerReason[] = [];
  for (const part of splitReasons(body)) {
    const counted = /^(\d+)\s+(.*)$/s.exec(part);
    reasons.push(
      counted
        ? { nodes: Number(counted[1]), text: counted[2] }
        : { text: part },
    );
  }
  return { total: head ? Number(head[1]) : undefined, reasons };
}

/** Splits at `, <count> ` only: a taint's braces and a claim's name may hold commas. */
function splitReasons(body: string): string[] {
  return body
    .trim()
    .replace(/\.$/, '')
    .split(/,\s+(?=\d+\s)/)
    .map(part => part.trim())
    .filter(part => part !== '');
}

/** The taint key that a reason names: `had untolerated taint {node.kubernetes.io/unreachable: }`. */
export function taintOf(reason: SchedulerReason): string | undefined {
  return /taints?\s*\{\s*([^:\s}]+)/.exec(reason.text)?.[1];
}

/** The taints that the node controller sets when a node is lost or not ready. */
export function isNodeFailureTaint(taint: string | undefined): boolean {
  return (
    taint === 'node.kubernetes.io/unreachable' ||
    taint === 'node.kubernetes.io/not-ready'
  );
}
