import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  RestartRun,
  RestartTarget,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { Command } from 'commander';
import { Failure, usageFailure } from '../failure';
import { interruptible, unlessAborted } from '../interrupt';
import { findObjects } from '../objects/findObjects';
import {
  addObjectOptions,
  ObjectOptions,
  objectSelection,
} from '../objects/objectOptions';
import { GremlinNode, namedNode } from '../objects/skydiveNode';
import { OpenTopology } from '../openTopology';
import { jsonText, outputOption, print, remark } from '../output/outputForm';
import { PortalConnection } from '../portalConnection';
import { openPortal } from '../portalTopology';
import { ProgressLine } from '../progressLine';
import { restartTable } from '../restartTable';
import {
  addPortalOptions,
  PortalOptions,
  portalSourceOf,
} from '../sourceOptions';
import { readTree } from '../tree/readTree';

type RestartOptions = PortalOptions &
  ObjectOptions & {
    yes?: boolean;
    dryRun?: boolean;
    wait: boolean;
    output: 'table' | 'json';
  };

const POLL = 1_000;
/** Cascades of workloads are not deeper. */
const DEPTH = 6;
const READ_AT_START = new Set(['secret', 'configmap']);

const HELP = `
The portal evicts the pods one after the other, as their disruption budgets allow, and waits for each replacement; it asks for
the permission kubernetes.topology.restart, and writes down who did it. A pod without a controller would not come
back, and is never restarted. The plan is shown first; --yes begins without asking.

Objects: pods; workloads, for all of their pods; a secret or a config map, for all pods that read it.

Examples:
  What would be restarted
    $ kube-topology restart secret/mysql-pass -n wordpress --dry-run
  Restart all pods of a deployment
    $ kube-topology restart deploy/web -n shop
  In a pipeline
    $ kube-topology restart secret/mysql-pass -n wordpress --yes -o json

Exit code: 0 all are back (with --dry-run: the plan), 1 some are not, or refused, 2 for a wrong call or without a yes, 130 after
Ctrl-C, which does not stop what has begun.`;

export function createRestartCommand(): Command {
  const command = new Command('restart')
    .summary('restart pods through a portal')
    .description(
      'Restarts pods, those of a workload, or those that read a secret or a config map, through a portal.',
    )
    .argument('<objects...>', 'pod/web-0, deploy/web, secret/mysql-pass')
    .option('-y, --yes', 'begin without asking')
    .option('--dry-run', 'show the plan and change nothing')
    .option('--no-wait', 'do not wait until the pods are back')
    .option('--cluster <name>', 'of several that the portal reads')
    .addOption(outputOption(['table', 'json'] as const));
  addObjectOptions(command);
  return addPortalOptions(command)
    .addHelpText('after', HELP)
    .action(async (words: string[], options: RestartOptions) => {
      const selection = objectSelection(words, options);
      const source = portalSourceOf(options);
      await interruptible(async signal => {
        const portal = PortalConnection.open(source, signal);
        const topology = openPortal(source, signal);
        const found = await findObjects(topology, selection);
        const target = await targetOf(topology, found);
        const plan = await portal.ask((client, request) =>
          client.restart({ target, dryRun: true }, request),
        );
        if (options.dryRun) {
          show(plan, options.output);
          return;
        }
        await confirm(plan, options, signal);
        const begun = await portal.ask((client, request) =>
          client.restart({ target }, request),
        );
        const run = options.wait
          ? await followed(portal, begun, signal)
          : begun;
        show(run, options.output);
        assertDone(run);
      });
    });
}

async function targetOf(
  topology: OpenTopology,
  found: readonly GremlinNode[],
): Promise<RestartTarget> {
  const [first] = found;
  if (!first) {
    throw new Failure('nothing matches');
  }
  const isRead = (node: GremlinNode) => READ_AT_START.has(namedNode(node).type);
  if (found.length === 1 && isRead(first)) {
    return { dependentsOf: first.ID };
  }
  const read = found.find(isRead);
  if (read) {
    throw usageFailure(
      `restart for one secret or config map at a time: ${
        namedNode(read).name
      } is not the only object`,
    );
  }
  const { nodes, edges } = await readTree(topology, found, 'needs', DEPTH);
  const pods = new Set<string>();
  const visited = new Set<string>();
  const visit = (id: string) => {
    if (visited.has(id)) {
      return;
    }
    visited.add(id);
    const node = nodes.get(id);
    if (node && namedNode(node).type === 'pod') {
      pods.add(id);
    }
    for (const { to, isControl } of edges.get(id) ?? []) {
      if (isControl) {
        visit(to);
      }
    }
  };
  found.forEach(({ ID }) => visit(ID));
  if (pods.size === 0) {
    throw new Failure(
      'there are no pods to restart; name pods, workloads, or a secret or config map that pods read',
    );
  }
  return { pods: [...pods] };
}

/** @throws Failure when nobody says yes */
async function confirm(
  plan: RestartRun,
  { yes, output }: RestartOptions,
  signal: AbortSignal,
): Promise<void> {
  const count = plan.pods.filter(({ step }) => step.state !== 'refused').length;
  if (count === 0) {
    show(plan, output);
    throw new Failure('none of the pods can be restarted');
  }
  if (yes) {
    return;
  }
  process.stderr.write(`${restartTable(plan)}\n`);
  if (process.stdin.isTTY !== true) {
    throw usageFailure('give --yes to restart them, or --dry-run for the plan');
  }
  const questions = createInterface({
    input: process.stdin,
    output: process.stderr,
  });
  try {
    questions.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const answer = await unlessAborted(
      signal,
      questions.question(
        `Restart ${count === 1 ? 'this pod' : `these ${count} pods`}? [y/N] `,
      ),
    );
    if (!/^y(es)?$/i.test(answer.trim())) {
      throw usageFailure('nothing was restarted');
    }
  } finally {
    questions.close();
  }
}

async function followed(
  portal: PortalConnection,
  begun: RestartRun,
  signal: AbortSignal,
): Promise<RestartRun> {
  const line = new ProgressLine(process.stderr, undefined);
  let run = begun;
  try {
    while (run.state === 'running' || run.state === 'planned') {
      const over = run.pods.filter(({ step }) => isOver(step.state)).length;
      line.show(`restarting: ${over} of ${run.pods.length} pods`);
      await delay(POLL, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) {
        remark(`the restart ${run.id} goes on in the portal`);
      }
      signal.throwIfAborted();
      run = await portal.ask((client, request) =>
        client.restartRun(begun.id, request),
      );
    }
    return run;
  } finally {
    line.end();
  }
}

function isOver(state: string): boolean {
  return state === 'done' || state === 'refused' || state === 'failed';
}

function assertDone({ pods, state }: RestartRun): void {
  const bad = pods.filter(
    ({ step }) => step.state === 'refused' || step.state === 'failed',
  );
  if (bad.length > 0 || state === 'failed') {
    throw new Failure(
      `${bad.length} of ${pods.length} pods were not restarted`,
    );
  }
}

function show(run: RestartRun, form: RestartOptions['output']): void {
  print(form === 'json' ? jsonText(run) : restartTable(run));
}
