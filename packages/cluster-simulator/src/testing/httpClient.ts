import { KubernetesObject } from '../objects/kubernetesObject';

export interface Answer {
  status: number;
  headers: Headers;
  body: any;
  text: string;
}

/** One HTTP request against a simulator; the body is parsed when it is JSON. */
export async function send(
  url: string,
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...options.headers },
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
  });
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status: response.status, headers: response.headers, body, text };
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubernetesObject;
}

/** An open watch: its events so far, and how it ended. */
export class OpenWatch {
  readonly events: WatchEvent[] = [];
  ended: 'clean' | 'cut' | undefined;
  readonly #abort = new AbortController();

  /** Resolves when the answer's head is there. */
  static async open(
    url: string,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<OpenWatch> {
    const watch = new OpenWatch();
    const response = await fetch(url + path, {
      headers,
      signal: watch.#abort.signal,
    });
    void watch.#read(response);
    return watch;
  }

  close(): void {
    this.#abort.abort();
  }

  /** `ADDED web 12`, for tables of facts. */
  get lines(): string[] {
    return this.events.map(({ type, object }) =>
      `${type} ${object.metadata?.name ?? ''}`.trimEnd(),
    );
  }

  async #read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const chunk of response.body!) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split(
          '\n',
        );
        rest = lines.pop()!;
        this.events.push(...lines.map(line => JSON.parse(line)));
      }
      this.ended = 'clean';
    } catch {
      this.ended = 'cut';
    }
  }
}
