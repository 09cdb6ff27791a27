import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { KindCatalog } from '../kinds/kindCatalog';
import { kindText } from '../kinds/identity';
import { KubernetesObject } from '../kinds/kindDefinition';
import { cutLastApplied } from './cutManagedFields';
import { parseJson } from './parseJson';
import { servedByObjects } from './servedByObjects';
import { heldBy, itemsOf, kindTextOf, withoutValues } from './staticObjects';

/** What files hold, without the values of Secrets and ConfigMaps. */
export interface Manifests {
  objects: KubernetesObject[];
  /** `kindText` of kinds that a typed list (`kind: SecretList`) holds, also where it is empty. */
  holds: string[];
  /** Documents that are no object of Kubernetes, such as Helm's values: how many, and where the first one is. */
  skipped: { count: number; first?: string };
}

/** Files that cannot be read as manifests. */
export class ManifestError extends Error {
  readonly name = 'ManifestError';
}

const FILE = /\.(ya?ml|json)$/;
const MOST_FILES = 20_000;
/** Bytes: a string of JavaScript holds no more than twice as much. */
const LARGEST_FILE = 256 * 1024 * 1024;
/** Characters of YAML that looks like JSON: its parser is slow. */
const LARGEST_FLOW_YAML = 4 * 1024 * 1024;
/** How V8 says that a document ended and another one begins. */
const NEXT_DOCUMENT =
  /^SyntaxError: Unexpected non-whitespace character after JSON at position (\d+)/;
/** Aliases of YAML can make a small file a large one. */
const MOST_ALIASES = 100;

/** A file, or the files of a folder and the folders in it, but for hidden ones; in order of their names. */
export async function manifestFiles(path: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (folder: string) => {
    const entries = await readdir(folder, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const each = join(folder, entry.name);
      if (entry.name.startsWith('.')) {
        continue;
      } else if (entry.isDirectory()) {
        await visit(each);
      } else if (FILE.test(entry.name)) {
        found.push(each);
      }
      if (found.length > MOST_FILES) {
        throw new ManifestError(
          `${path} holds more than ${MOST_FILES} files. Name a folder that holds manifests only.`,
        );
      }
    }
  };
  if ((await stat(path)).isDirectory()) {
    await visit(path);
    return found;
  }
  return [path];
}

/**
 * Reads manifests: YAML of one or more documents, JSON, lists of either, what `kubectl get -o json` or `-o yaml` wrote.
 *
 * @throws ManifestError when a file is too large or no valid YAML or JSON; its message quotes nothing of the file
 */
export async function readManifests(
  files: readonly string[],
  catalog: Pick<KindCatalog, 'definitionFor'>,
): Promise<Manifests> {
  const all: Manifests = { objects: [], holds: [], skipped: { count: 0 } };
  for (const file of files) {
    if ((await stat(file)).size > LARGEST_FILE) {
      throw new ManifestError(
        `${file} is larger than ${LARGEST_FILE} bytes. Split it.`,
      );
    }
    const { objects, holds, skipped } = parseManifests(
      await readFile(file),
      file,
      catalog,
    );
    all.objects = all.objects.concat(objects);
    all.holds.push(...holds);
    all.skipped.count += skipped.count;
    all.skipped.first ??= skipped.first;
  }
  return all;
}

/** Of one file; `where` names it in messages. Values are dropped before anything is kept. */
export function parseManifests(
  bytes: Buffer,
  where: string,
  catalog: Pick<KindCatalog, 'definitionFor'>,
): Manifests {
  const roots = documentsOf(bytes, where).flatMap(each =>
    Array.isArray(each) ? each : [each],
  );
  const result: Manifests = { objects: [], holds: [], skipped: { count: 0 } };
  for (const root of roots) {
    if (root === null || root === undefined) {
      continue;
    }
    const held = heldBy(root as KubernetesObject);
    if (held !== undefined) {
      result.holds.push(held);
    }
    for (const object of itemsOf(root as KubernetesObject)) {
      if (isObject(object)) {
        result.objects.push(object);
      } else {
        result.skipped.count++;
        result.skipped.first ??= where;
      }
    }
  }
  return { ...result, objects: cutValues(result.objects, catalog) };
}

function documentsOf(bytes: Buffer, where: string): unknown[] {
  const read = inUtf8(bytes);
  if (!/^\s*[[{]/.test(read.subarray(0, 1024).toString())) {
    return yamlDocuments(read.toString(), where);
  }
  const text = cutLastApplied(Buffer.from(read)).toString();
  try {
    return jsonDocuments(text);
  } catch (error) {
    // YAML in JSON's clothes: `{kind: Pod}`. What only ends too early is none, however large.
    if (text.length > LARGEST_FLOW_YAML || isCutOff(error)) {
      throw notValid(where, jsonPlace(error, text));
    }
    return yamlDocuments(text, where);
  }
}

/** Without a byte order mark; what Windows' shell writes into a file is UTF-16. */
function inUtf8(bytes: Buffer): Buffer {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) {
    return bytes.subarray(3);
  }
  if (first === 0xff && second === 0xfe) {
    return Buffer.from(bytes.subarray(2).toString('utf16le'));
  }
  if (first === 0xfe && second === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return Buffer.from(Buffer.from(even).swap16().toString('utf16le'));
  }
  return bytes;
}

/** One or more, one after the other, as `kubectl get -w -o json` and `jq -c .items[]` write them. */
function jsonDocuments(text: string): unknown[] {
  const documents: unknown[] = [];
  for (let at = 0; !/^[\s-]*$/.test(text.slice(at)); ) {
    const rest = text.slice(at);
    try {
      documents.push(parseJson(rest));
      break;
    } catch (error) {
      const end = Number(NEXT_DOCUMENT.exec(String(error))?.[1] ?? 0);
      if (end === 0) {
        throw Object.assign(error as SyntaxError, { from: at });
      }
      const lines = documents.length === 0 ? jsonLines(text) : undefined;
      if (lines) {
        return lines;
      }
      documents.push(parseJson(rest.slice(0, end)));
      at += end;
    }
  }
  return documents;
}

/** Of many small documents each is read once; undefined when they are not one a line. */
function jsonLines(text: string): unknown[] | undefined {
  try {
    return text
      .split('\n')
      .filter(line => line.trim() !== '')
      .map(parseJson);
  } catch {
    return undefined;
  }
}

function isCutOff(error: unknown): boolean {
  return /end of JSON input|Unterminated string/.test(String(error));
}

/** Where it ends to be JSON; the message itself quotes the text, which may be a secret. */
function jsonPlace(error: unknown, text: string): string {
  const { from = 0 } = error as { from?: number };
  const place = /at position (\d+)/.exec(String(error))?.[1];
  const before = text.slice(
    0,
    place === undefined ? text.length : from + Number(place),
  );
  const lines = before.split('\n');
  const at = `line ${lines.length}, column ${
    lines[lines.length - 1].length + 1
  }`;
  return isCutOff(error)
    ? `: it ends in the middle of an object (${at})`
    : ` (${at})`;
}

function yamlDocuments(text: string, where: string): unknown[] {
  try {
    const documents = parseAllDocuments(text);
    return (Array.isArray(documents) ? documents : []).map(document => {
      const [error] = document.errors;
      if (error) {
        throw error;
      }
      return document.toJS({ maxAliasCount: MOST_ALIASES });
    });
  } catch (error) {
    throw notValid(where, placeOf(error));
  }
}

function notValid(where: string, place: string): ManifestError {
  return new ManifestError(
    `${where} is neither valid YAML nor valid JSON${place}.`,
  );
}

/** The parser's message quotes the text, which may be a secret. */
function placeOf(error: unknown): string {
  const place = (error as { linePos?: { line: number }[] })?.linePos?.[0];
  return place ? ` (line ${place.line})` : '';
}

function isObject(object: KubernetesObject): boolean {
  return (
    typeof object === 'object' &&
    typeof object.kind === 'string' &&
    typeof object.apiVersion === 'string' &&
    typeof object.metadata?.name === 'string'
  );
}

/** Of Secrets and ConfigMaps, and of whatever else is read by its metadata only. */
function cutValues(
  objects: readonly KubernetesObject[],
  catalog: Pick<KindCatalog, 'definitionFor'>,
): KubernetesObject[] {
  const metadataOnly = new Set(['Secret', 'ConfigMap']);
  for (const served of servedByObjects(objects)) {
    if (catalog.definitionFor(served)?.metadataOnly) {
      metadataOnly.add(kindText(served.id));
    }
  }
  return objects.map(object =>
    metadataOnly.has(kindTextOf(object)) ? withoutValues(object) : object,
  );
}
