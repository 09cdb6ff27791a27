import { once } from 'node:events';
import { Option } from 'commander';

/** What `-o` may say. */
export type OutputForm =
  | 'table'
  | 'json'
  | 'yaml'
  | 'name'
  | 'dot'
  | 'mermaid'
  | 'skydive';

/** `-o`, for a command that has these forms; the first one is the default. */
export function outputOption<Form extends OutputForm | string>(
  forms: readonly Form[] = ['table', 'json'] as unknown as readonly Form[],
): Option {
  return new Option('-o, --output <form>', 'how the answer is printed')
    .choices(forms)
    .default(forms[0]);
}

export function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** Loaded by those who ask for it. */
export async function yamlText(value: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  // What is the same twice is written twice: anchors are for people who write.
  return stringify(JSON.parse(JSON.stringify(value)), {
    aliasDuplicateObjects: false,
    lineWidth: 0,
  }).trimEnd();
}

/** On standard output, with one line end. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** As `print`, of what is written bit by bit: waits until a slow reader has taken it. */
export async function printLine(text: string): Promise<void> {
  if (!process.stdout.write(`${text}\n`)) {
    await once(process.stdout, 'drain');
  }
}

/** On standard error: what is no part of the answer. */
export function remark(text: string): void {
  process.stderr.write(`kube-topology: ${text}\n`);
}

/** That a bound cut the answer. */
export function remarkCut(cut: string | undefined): void {
  if (cut !== undefined) {
    remark(`the answer is not complete: ${cut}`);
  }
}
