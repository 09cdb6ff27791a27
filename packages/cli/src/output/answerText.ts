import type { QueryAnswer } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { usageFailure } from '../failure';
import { lazily } from '../lazily';
import {
  GremlinEdge,
  GremlinNode,
  namedNode,
  nameText,
} from '../objects/skydiveNode';
import { textTable } from '../textTable';
import { edgeTable, nodeTable } from './nodeTable';
import { jsonText, yamlText } from './outputForm';
import { Style } from './style';

export const ANSWER_FORMS = [
  'json',
  'table',
  'yaml',
  'name',
  'dot',
  'mermaid',
  'graphml',
  'csv',
  'skydive',
] as const;
export type AnswerForm = (typeof ANSWER_FORMS)[number];

type Value = QueryAnswer['value'];

/** Which forms want the edges between the nodes of an answer, too. */
const PICTURES: ReadonlySet<AnswerForm> = new Set([
  'dot',
  'mermaid',
  'graphml',
  'skydive',
]);

/**
 * A query's answer as it is printed.
 *
 * @param subGraph the answer of the same query with `SubGraph()` behind it
 * @throws Failure when the answer has no such form
 */
export async function answerText(
  form: AnswerForm,
  answer: QueryAnswer,
  options: { subGraph(): Promise<QueryAnswer>; style: Style },
): Promise<{ text: string; cut?: string }> {
  const { value, cut } =
    PICTURES.has(form) && isOfElements(answer.value)
      ? await options.subGraph()
      : answer;
  return {
    text: await textOf(form, value, options.style),
    ...(cut && { cut }),
  };
}

async function textOf(
  form: AnswerForm,
  value: Value,
  style: Style,
): Promise<string> {
  switch (form) {
    case 'json':
      return jsonText(value);
    case 'yaml':
      return yamlText(value);
    case 'name':
      return namesOf(value).join('\n');
    case 'table':
      return tableOf(value, style);
    case 'skydive':
      if (!isGraph(value)) {
        throw notDrawn(form);
      }
      return jsonText(value);
    default:
      return engineForm(form, value);
  }
}

async function engineForm(form: AnswerForm, value: Value): Promise<string> {
  const engine = await lazily(import('@kubernetes-topology/engine'));
  const asked = value as Parameters<typeof engine.drawableAnswer>[0];
  if (form === 'csv') {
    return engine.csvForm(asked).trimEnd();
  }
  const graph = engine.drawableAnswer(asked);
  if (!graph) {
    throw notDrawn(form);
  }
  switch (form) {
    case 'dot':
      return engine.dotForm(graph).trimEnd();
    case 'mermaid':
      return engine.mermaidForm(graph).trimEnd();
    default:
      return engine.graphMlForm(graph).trimEnd();
  }
}

function notDrawn(form: AnswerForm) {
  return usageFailure(
    `-o ${form} draws nodes and edges, and the answer of this query is neither; leave out its last steps, or take -o json`,
  );
}

function namesOf(value: Value): string[] {
  if (isGraph(value)) {
    return value[0].Nodes.map(node => nameText(namedNode(node)));
  }
  return (Array.isArray(value) ? value : [value]).map(each => {
    if (isEdge(each)) {
      return each.ID;
    }
    return isNode(each) ? nameText(namedNode(each)) : plainText(each);
  });
}

function tableOf(value: Value, style: Style): string {
  if (isGraph(value)) {
    const [{ Nodes, Edges }] = value;
    return Edges.length > 0
      ? `${nodeTable(Nodes, style)}\n\n${edgeTable(Edges)}`
      : nodeTable(Nodes, style);
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length > 0 && values.every(isEdge)) {
    return edgeTable(values as unknown as GremlinEdge[]);
  }
  if (values.every(isNode)) {
    return Array.isArray(value)
      ? nodeTable(values as unknown as GremlinNode[], style)
      : plainText(value);
  }
  if (values.every(isPlainObject)) {
    const columns = [...new Set(values.flatMap(each => Object.keys(each)))];
    return textTable(
      columns.map(name => name.toUpperCase()),
      values.map(each =>
        columns.map(name => (name in each ? plainText(each[name]) : '')),
      ),
    );
  }
  return values.map(plainText).join('\n');
}

function plainText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}

function isOfElements(value: Value): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(each => isNode(each) || isEdge(each))
  );
}

function isGraph(
  value: unknown,
): value is { Nodes: GremlinNode[]; Edges: GremlinEdge[] }[] {
  return (
    Array.isArray(value) &&
    value.length === 1 &&
    isPlainObject(value[0]) &&
    Array.isArray(value[0].Nodes) &&
    Array.isArray(value[0].Edges)
  );
}

function isNode(value: unknown): value is GremlinNode {
  return (
    isPlainObject(value) &&
    typeof value.ID === 'string' &&
    isPlainObject(value.Metadata) &&
    !('Parent' in value)
  );
}

function isEdge(value: unknown): value is GremlinEdge {
  return isPlainObject(value) && 'Parent' in value && 'Child' in value;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
