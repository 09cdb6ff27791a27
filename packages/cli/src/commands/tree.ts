import { Command } from 'commander';
import { interruptible } from '../interrupt';
import { lazily } from '../lazily';
import { findObjects } from '../objects/findObjects';
import {
  addObjectOptions,
  ObjectOptions,
  objectSelection,
} from '../objects/objectOptions';
import { namedNode, nameText, statusOf } from '../objects/skydiveNode';
import { OpenTopology, openTopology, withTopology } from '../openTopology';
import {
  jsonText,
  outputOption,
  print,
  remark,
  remarkCut,
  yamlText,
} from '../output/outputForm';
import { Style } from '../output/style';
import {
  addSourceOptions,
  count,
  readingOf,
  sourceOf,
  SourceOptions,
} from '../sourceOptions';
import { ObjectTree, objectTrees, topmost } from '../tree/objectTree';
import { readTree, relationOf, TreeGraph } from '../tree/readTree';
import { treeText } from '../tree/treeText';

const FORMS = [
  'table',
  'json',
  'yaml',
  'name',
  'dot',
  'mermaid',
  'skydive',
] as const;

type TreeOptions = SourceOptions &
  ObjectOptions & {
    dependents?: boolean;
    depth: number;
    all?: boolean;
    output: (typeof FORMS)[number];
  };

/** Reasons that are asked for: of a portal each is a request. */
const MOST_REASONS = 50;

const HELP = `
An object, what it owns, and what these depend on: the arrows of the graph, downwards. With --dependents upwards: who owns
it, and what depends on it. A namespace is a tree of all that is in it.

Marks: ✓ ok, ✗ down, ! degraded, ↻ progressing, ∅ missing, ? unknown, · idle or former. "…" stands elsewhere in the tree.

Examples:
  What a deployment is made of, and what it needs
    $ kube-topology tree deploy/web -n shop --from dump.json
  Who uses a secret
    $ kube-topology tree secret/mysql-pass --dependents --context prod
  A whole namespace, and its picture
    $ kube-topology tree ns/shop --from dump.json
    $ kube-topology tree ns/shop --from dump.json -o mermaid
  All stateful sets with a label
    $ kube-topology tree sts -A -l app=db --portal https://portal.example.com

Exit code: 0 with an answer, 1 without one (no such object), 2 for a wrong call, 130 after Ctrl-C.`;

export function createTreeCommand(): Command {
  const command = new Command('tree')
    .summary('show what an object owns and depends on, or who depends on it')
    .description(
      'Shows an object with what it owns and depends on as a tree, each with its status.',
    )
    .argument(
      '<objects...>',
      'pod/web-0, deploy/web svc/web, "pods" with -l or -A, ns/shop',
    )
    .option('--dependents', 'upwards: who owns it and who depends on it')
    .option('--depth <count>', 'how far', count, 12)
    .option('--all', 'do not fold what is well')
    .addOption(outputOption(FORMS));
  addObjectOptions(command);
  return addSourceOptions(command)
    .addHelpText('after', HELP)
    .action(async (words: string[], options: TreeOptions) => {
      const selection = objectSelection(words, options);
      const source = sourceOf(command);
      await interruptible(signal =>
        withTopology(
          openTopology(source, readingOf(options), signal),
          async topology => {
            const found = await findObjects(topology, selection);
            if (found.length === 0) {
              remark('nothing matches');
              return;
            }
            const direction = options.dependents ? 'dependents' : 'needs';
            const graph = await readTree(
              topology,
              found,
              direction,
              options.depth,
            );
            await show(
              topology,
              graph,
              options,
              found.map(({ ID }) => ID),
            );
            remarkCut(graph.cut);
          },
        ),
      );
    });
}

async function show(
  topology: OpenTopology,
  graph: TreeGraph,
  options: TreeOptions,
  roots: readonly string[],
): Promise<void> {
  arrangeContainers(graph, roots);
  const { output } = options;
  if (output === 'dot' || output === 'mermaid' || output === 'skydive') {
    print(await picture(graph, output));
    return;
  }
  const trees = objectTrees(graph, roots);
  switch (output) {
    case 'json':
      print(jsonText(trees.map(treeDocument)));
      break;
    case 'yaml':
      print(await yamlText(trees.map(treeDocument)));
      break;
    case 'name':
      print(
        [...graph.nodes.values()]
          .map(node => nameText(namedNode(node)))
          .join('\n'),
      );
      break;
    default:
      print(
        treeText(trees, {
          style: Style.of(process.stdout),
          isUnfolded: options.all === true,
          reasons: await reasonsOf(topology, graph),
        }),
      );
  }
}

/** Below a namespace or a cluster stand only those that nothing else in it refers to. */
function arrangeContainers(graph: TreeGraph, roots: readonly string[]): void {
  for (const root of roots) {
    const { type } = namedNode(graph.nodes.get(root)!);
    if (type === 'namespace' || type === 'cluster') {
      const edges = graph.edges.get(root) ?? [];
      const top = new Set(
        topmost(
          graph,
          edges.map(({ to }) => to),
        ),
      );
      graph.edges.set(
        root,
        edges.filter(({ to }) => top.has(to)),
      );
    }
  }
}

async function reasonsOf(
  topology: OpenTopology,
  graph: TreeGraph,
): Promise<Map<string, string>> {
  const troubled = [...graph.nodes.values()]
    .filter(node => !['ok', 'up', 'idle', 'history'].includes(statusOf(node)))
    .map(({ ID }) => ID);
  return topology.reasons(troubled.slice(0, MOST_REASONS));
}

function treeDocument(tree: ObjectTree): object {
  const { type, namespace, name } = namedNode(tree.node);
  return {
    id: tree.node.ID,
    type,
    namespace,
    name,
    status: statusOf(tree.node),
    ...(tree.edge && { relation: relationOf(tree.edge) }),
    ...(tree.isRepeated && { repeated: true }),
    children: tree.children.map(treeDocument),
  };
}

async function picture(
  graph: TreeGraph,
  form: 'dot' | 'mermaid' | 'skydive',
): Promise<string> {
  const Nodes = [...graph.nodes.values()];
  const Edges = [...graph.edges.values()]
    .flat()
    .filter(({ to }) => graph.nodes.has(to))
    .map(({ edge }) => edge);
  if (form === 'skydive') {
    return jsonText([{ Nodes, Edges }]);
  }
  const { dotForm, drawableAnswer, mermaidForm } = await lazily(
    import('@kubernetes-topology/engine'),
  );
  const drawn = drawableAnswer([{ Nodes, Edges }])!;
  return (form === 'dot' ? dotForm(drawn) : mermaidForm(drawn)).trimEnd();
}
