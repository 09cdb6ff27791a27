import type { ExplanationDocument } from '@kubernetes-topology/engine';
import { Command } from 'commander';
import { explanationText } from '../explain/explanationText';
import { interruptible } from '../interrupt';
import { findObjects } from '../objects/findObjects';
import {
  addObjectOptions,
  ObjectOptions,
  objectSelection,
  ObjectSelection,
} from '../objects/objectOptions';
import {
  GremlinNode,
  namedNode,
  nameText,
  statusOf,
} from '../objects/skydiveNode';
import { OpenTopology, openTopology, withTopology } from '../openTopology';
import {
  jsonText,
  outputOption,
  print,
  remarkCut,
  yamlText,
} from '../output/outputForm';
import { Style } from '../output/style';
import {
  addSourceOptions,
  readingOf,
  sourceOf,
  SourceOptions,
} from '../sourceOptions';

const FORMS = ['table', 'json', 'yaml'] as const;

type ExplainOptions = SourceOptions &
  ObjectOptions & {
    exitCode?: boolean;
    output: (typeof FORMS)[number];
  };

/** With `--exit-code`: something is wrong. */
const INCIDENTS = 3;

const HELP = `
Why an object is down: the root cause, the way from there with what proves it, whom else it hits, and what to do next. Without
an object all incidents, the most severe first; with -n those that touch the namespace. Symptoms of one cause are
one incident. That nothing in the Kubernetes API explains it is an answer, too.

Of a dump, grace periods (a pod that starts is not down yet) are measured against the newest time that stands in it; --now
sets another. Dump what causes may lie in: kubectl get pods,deploy,rs,sts,ds,jobs,svc,endpointslices,ing,pvc,pv,sc,
secrets,cm,sa,nodes,events,quota,limits,netpol -A -o json

JSON (-o json):
  {"incidents": [{"root": {"kind", "namespace", "name", "reason"}, "confidence", "summary", "affected": [{"kind", "namespace",
    "name"}], "path": […], "evidence": […], "nextStep", "severity", "id", "since"}], "unexplained": […]}

Examples:
  All that is wrong in a dump
    $ kube-topology explain --from dump.json
  Why one pod is down
    $ kube-topology explain pod/web-0 -n shop --context prod
  Root causes alone, for a script
    $ kube-topology explain --from dump.json -o json | jq -r '.incidents[] | .root.reason + " " + .root.name'
  As a check in a pipeline
    $ kube-topology explain -n shop --context prod --exit-code

Exit code: 0 with an answer, whatever it says (with --exit-code 3 when something is wrong), 1 without one (no such
object), 2 for a wrong call, 130 after Ctrl-C.`;

export function createExplainCommand(): Command {
  const command = new Command('explain')
    .summary('tell why objects are down')
    .description(
      'Tells why an object is down, or all that is wrong: root cause, cascade, evidence, next step.',
    )
    .argument(
      '[objects...]',
      'pod/web-0, deploy/web (default: all that is wrong)',
    )
    .option('--exit-code', 'end with 3 when something is wrong')
    .addOption(outputOption(FORMS));
  addObjectOptions(command);
  return addSourceOptions(command)
    .addHelpText('after', HELP)
    .action(async (words: string[], options: ExplainOptions) => {
      const selection = objectSelection(words, options);
      const source = sourceOf(command);
      const reading = readingOf({ ...options, now: options.now ?? 'newest' });
      await interruptible(signal =>
        withTopology(openTopology(source, reading, signal), async topology => {
          const { document, asked } = await explanation(topology, selection);
          await show(document, asked, options.output);
          if (options.exitCode && !isWell(document)) {
            process.exitCode = INCIDENTS;
          }
        }),
      );
    });
}

/** With the named objects and how they are. */
async function explanation(
  topology: OpenTopology,
  selection: ObjectSelection,
): Promise<{ document: ExplanationDocument; asked: string[] }> {
  const { references, selector, namespace } = selection;
  const clusters = selection.cluster ? [selection.cluster] : undefined;
  if (references.length === 0 && selector === undefined) {
    const document = await topology.incidents({ clusters });
    return {
      document:
        namespace === undefined ? document : inNamespace(document, namespace),
      asked: [],
    };
  }
  const found = await findObjects(topology, selection);
  const document = await topology.incidents({
    keys: found.map(({ ID }) => ID),
  });
  return {
    // A root may be well, or absent, and no trouble by itself: the Secret that a pod waits for.
    document: isWell(document)
      ? beginningAt(await topology.incidents({ clusters }), found)
      : document,
    asked: found.map(
      node => `${nameText(namedNode(node))} is ${statusOf(node)}`,
    ),
  };
}

/** Incidents that begin at one of these. */
function beginningAt(
  { incidents, cut }: ExplanationDocument,
  nodes: readonly GremlinNode[],
): ExplanationDocument {
  const begins = new Set(
    nodes
      .map(namedNode)
      .map(({ type, namespace, name }) => [type, namespace, name].join('/')),
  );
  return {
    incidents: incidents.filter(({ root: { kind, namespace, name } }) =>
      begins.has([kind.toLowerCase(), namespace, name].join('/')),
    ),
    unexplained: [],
    ...(cut && { cut }),
  };
}

/** Incidents that begin there or hit something there. */
function inNamespace(
  { incidents, unexplained, cut }: ExplanationDocument,
  namespace: string,
): ExplanationDocument {
  const isThere = (each: { namespace: string }) => each.namespace === namespace;
  return {
    incidents: incidents.filter(
      ({ root, affected, path }) =>
        isThere(root) || affected.some(isThere) || path.some(isThere),
    ),
    unexplained: unexplained.filter(isThere),
    ...(cut && { cut }),
  };
}

async function show(
  document: ExplanationDocument,
  asked: readonly string[],
  form: ExplainOptions['output'],
): Promise<void> {
  switch (form) {
    case 'json':
      print(jsonText(document));
      break;
    case 'yaml':
      print(await yamlText(document));
      break;
    default:
      print(
        isWell(document)
          ? wellText(asked)
          : explanationText(document, Style.of(process.stdout)),
      );
  }
  remarkCut(document.cut);
}

function wellText(asked: readonly string[]): string {
  return asked.length === 0
    ? 'Nothing is wrong.'
    : `Nothing is wrong: ${asked.slice(0, 5).join(', ')}${
        asked.length > 5 ? ` and ${asked.length - 5} more` : ''
      }.`;
}

function isWell({ incidents, unexplained }: ExplanationDocument): boolean {
  return incidents.length === 0 && unexplained.length === 0;
}
