import type {
  AskedPort,
  KubernetesObject,
  PolicyChange,
  ReachReport,
} from '@kubernetes-topology/engine';
import { Command, Option } from 'commander';
import { Failure, messageOf, usageFailure } from '../failure';
import { interruptible } from '../interrupt';
import { lazily } from '../lazily';
import { assertNodeForEngine } from '../nodeVersion';
import {
  jsonText,
  outputOption,
  print,
  printLine,
  remark,
  remarkCut,
  yamlText,
} from '../output/outputForm';
import { matrixJson } from '../reach/matrixJson';
import {
  addEndOptions,
  EndOptions,
  endOf,
  objectName,
} from '../reach/reachOptions';
import type { ReachSource } from '../reach/reachSource';
import {
  changeText,
  connectionsText,
  matrixText,
  reportText,
  routeText,
} from '../reach/reachText';
import {
  addSourceOptions,
  readingOf,
  sourceOf,
  SourceOptions,
} from '../sourceOptions';

const HELP = `
Says what NetworkPolicies let through, as Kubernetes reads them: both sides have to allow. Nothing is sent anywhere.

Forms of -o json:
  one question      {"allowed", "verdict", "egress": {…}, "ingress": {…}, "change": […], …}; of several ports a list
  --matrix          {"pods": ["ns/name", …], "ports": ["80/TCP", …], "allowed": [[[true, …]]]}, by port, source, destination
  --by workload     {"connections": [{"source", "destination", "ports": [{"protocol", "from", "to"}]}]}

Examples:
  Why can the shop not reach the database?
    $ kube-topology reach --from dump.json --from-pod shop/web-0 --to-pod db/mysql-0 --port 3306/TCP
  Through a Service, from all pods of a Deployment
    $ kube-topology reach --from dump.json --from-workload shop/web --to-service db/mysql --port 3306
  What gets out
    $ kube-topology reach --context prod --from-namespace shop --to-ip 0.0.0.0/0 --port 443/TCP
  From an Ingress to its pods
    $ kube-topology reach --from dump.json --route ingress/shop/web
  Everything in a folder of manifests
    $ kube-topology reach --from deploy/ --matrix --by workload
  What a policy governs, and what would change without it, or with another
    $ kube-topology reach --from dump.json --delete-policy shop/default-deny
    $ kube-topology reach --from dump.json --apply-policy new-policy.yaml

Exit code: 0 with an answer, whatever it says; 1 without one, 2 for a wrong call, 130 after Ctrl-C.`;

const FORMS = ['table', 'json', 'yaml'] as const;

type ReachOptions = SourceOptions &
  EndOptions & {
    port: string[];
    matrix?: boolean;
    by: 'pod' | 'workload';
    namespace?: string;
    route?: string;
    deletePolicy: string[];
    applyPolicy: string[];
    ignorePodIps?: boolean;
    output: (typeof FORMS)[number];
  };

export function createReachCommand(): Command {
  const command = new Command('reach')
    .summary('tell what network policies let through')
    .description(
      'Tells whether one may reach another, and which policies say so.',
    )
    .option(
      '--port <port/protocol>',
      'e.g. 80/TCP, 53/UDP, http/TCP by its name; can be repeated',
      repeated,
      [],
    )
    .option('--matrix', 'who reaches whom')
    .addOption(
      new Option(
        '--by <what>',
        'with --matrix: pods, or workloads on all ports',
      )
        .choices(['pod', 'workload'])
        .default('pod'),
    )
    .option(
      '-n, --namespace <name>',
      'of names without one; with --matrix: only this namespace',
    )
    .option(
      '--route <kind/ns/name>',
      'the way from an Ingress, HTTPRoute, … to its pods',
    )
    .option(
      '--delete-policy <ns/name>',
      'what would change without it; can be repeated',
      repeated,
      [],
    )
    .option(
      '--apply-policy <file>',
      'what would change with the policies of this file; can be repeated',
      repeated,
      [],
    )
    .option(
      '--ignore-pod-ips',
      'ipBlocks do not mean pods, as Cilium has it; without it a pod is in a block that its address is in, as upstream tests have it',
    )
    .addOption(outputOption(FORMS));
  addEndOptions(command);
  return addSourceOptions(command)
    .addHelpText('after', HELP)
    .action(async (options: ReachOptions) => {
      const ask = questionOf(options);
      const source = sourceOf(command);
      await interruptible(async signal => {
        assertNodeForEngine();
        const { openReach } = await lazily(import('../reach/openReach'));
        const opened = await openReach(source, readingOf(options), signal);
        await ask(
          options.ignorePodIps ? await withoutPodAddresses(opened) : opened,
          options,
        );
      });
    });
}

async function withoutPodAddresses(source: ReachSource): Promise<ReachSource> {
  const { Reachability } = await engine();
  const { input } = source.model;
  const pods = input.pods.map(pod => ({ ...pod, addresses: [] }));
  return { ...source, model: Reachability.create({ ...input, pods }) };
}

function repeated(value: string, former: string[]): string[] {
  return [...former, value];
}

type Ask = (source: ReachSource, options: ReachOptions) => Promise<void>;

const askConnections: Ask = async ({ model, notes }, options) => {
  const { workloadConnections } = await engine();
  const { namespace } = options;
  const { connections, cut } = workloadConnections(model, {
    ...(namespace !== undefined && {
      concerns: end => end.namespace === namespace,
    }),
  });
  await show(
    { connections, ...(cut !== undefined && { cut }), ...invalidOf(model) },
    () => connectionsText(connections),
    options,
    notes,
  );
  remarkCut(cut);
};

const askChange: Ask = async ({ model, notes }, options) => {
  const { policyChange, isNetworkPolicy, KindCatalog } = await engine();
  const { readObjects } = await lazily(import('../engineSource'));
  const apply: KubernetesObject[] = [];
  for (const file of options.applyPolicy) {
    const { objects } = await readObjects(file, KindCatalog.create());
    const policies = objects.filter(isNetworkPolicy);
    if (policies.length === 0) {
      throw usageFailure(`${file} holds no NetworkPolicy`);
    }
    apply.push(...policies);
  }
  const change: PolicyChange = {
    remove: options.deletePolicy.map(text =>
      objectName(text, options.namespace),
    ),
    apply,
  };
  const answer = policyChange(model, change);
  const [absent] = answer.absent;
  if (absent) {
    throw new Failure(
      `there is no NetworkPolicy ${absent.namespace}/${absent.name}`,
    );
  }
  await show(answer, () => changeText(answer), options, [
    ...notes,
    ...answer.invalid.flatMap(({ namespace, name, faults }) =>
      faults.map(
        ({ field, message }) =>
          `NetworkPolicy ${namespace}/${name} would be refused: ${field}: ${message}`,
      ),
    ),
  ]);
  remarkCut(answer.cut);
};

const askMatrix: Ask = async ({ model, notes }, options) => {
  const { podMatrix } = await engine();
  const ports = await portsOf(options);
  const pods = model.pods.flatMap((pod, index) =>
    options.namespace === undefined || pod.namespace === options.namespace
      ? [index]
      : [],
  );
  try {
    const matrix = podMatrix(model, ports, pods);
    const more = invalidOf(model);
    if (options.output === 'json') {
      for (const line of matrixJson(matrix, more)) {
        await printLine(line);
      }
      notes.forEach(remark);
      return;
    }
    const text = () => matrixText(matrix);
    await show({ ...matrix, ...more }, text, options, notes);
  } catch (error) {
    throw error instanceof RangeError ? new Failure(error.message) : error;
  }
};

/** Before anything is read: a wrong call need not wait. */
function questionOf(options: ReachOptions): Ask {
  const { matrix, by, route, deletePolicy, applyPolicy } = options;
  const isChange = deletePolicy.length + applyPolicy.length > 0;
  if ([matrix, route !== undefined, isChange].filter(Boolean).length > 1) {
    throw usageFailure(
      'ask one thing: --matrix, --route, or --delete-policy and --apply-policy',
    );
  }
  if (by === 'workload' && !matrix) {
    throw usageFailure('--by is for --matrix');
  }
  if (isChange) {
    return askChange;
  }
  if (route !== undefined) {
    return askRoute(route, options);
  }
  if (!matrix) {
    const from = endOf(options, 'from', options.namespace);
    const to = endOf(options, 'to', options.namespace);
    if (options.port.length === 0 && to.type !== 'service') {
      throw usageFailure('say which port: --port 80/TCP');
    }
    return askReach(from, to);
  }
  if (by === 'workload') {
    return askConnections;
  }
  if (options.port.length === 0) {
    throw usageFailure('say which ports: --port 80/TCP, can be repeated');
  }
  return askMatrix;
}

function askReach(
  from: ReturnType<typeof endOf>,
  to: ReturnType<typeof endOf>,
): Ask {
  return async ({ model, routing, notes }, options) => {
    const { reachReport, ReachQuestionError } = await engine();
    const asked = await portsOf(options);
    const ports = asked.length > 0 ? asked : [undefined];
    let reports: ReachReport[];
    try {
      reports = ports.map(each =>
        reachReport(model, routing, { from, to, ...(each && { port: each }) }),
      );
    } catch (error) {
      throw error instanceof ReachQuestionError
        ? new Failure(error.message)
        : error;
    }
    const told = new Set([...notes, ...reports.flatMap(one => one.notes)]);
    await show(
      reports.length === 1 ? reports[0] : reports,
      () => reports.map(reportText).join('\n\n'),
      options,
      [...told],
    );
  };
}

function askRoute(text: string, { namespace }: ReachOptions): Ask {
  const parts = text.split('/');
  const isKnown = /^(ingress|ing|(http|grpc|tls|tcp|udp)route)s?$/i.test(
    parts[0],
  );
  const [kind, rest] = isKnown
    ? [parts[0].toLowerCase(), parts.slice(1)]
    : [undefined, parts];
  const wanted = {
    ...(kind && {
      kind: /^ing(ress)?s?$/.test(kind) ? 'Ingress' : kind.replace(/s$/, ''),
    }),
    ...objectName(rest.join('/'), namespace),
  };
  return async ({ model, routing, notes }, options) => {
    const { routePath } = await engine();
    const path = routePath(model, routing, wanted);
    if (!path) {
      throw new Failure(
        `there is no ${wanted.kind ?? 'Ingress or route'} ${wanted.namespace}/${
          wanted.name
        }`,
      );
    }
    await show(path, () => routeText(path), options, notes);
  };
}

function engine() {
  return lazily(import('@kubernetes-topology/engine'));
}

async function portsOf({ port }: ReachOptions): Promise<AskedPort[]> {
  const { parseAskedPort } = await engine();
  try {
    return port.map(text => parseAskedPort(text));
  } catch (error) {
    throw usageFailure(`--port: ${messageOf(error)}`);
  }
}

function invalidOf({ invalid }: ReachSource['model']): object {
  return invalid.length > 0 ? { invalidPolicies: invalid } : {};
}

async function show(
  document: object,
  text: () => string,
  { output }: ReachOptions,
  notes: readonly string[],
): Promise<void> {
  switch (output) {
    case 'json':
      print(jsonText(document));
      break;
    case 'yaml':
      print(await yamlText(document));
      break;
    default:
      print(text());
  }
  notes.forEach(remark);
}
