export interface JsonPatchOperation {
  op: string;
  path: string;
  from?: string;
  value?: unknown;
}

/** A patch that does not fit the object; the message says which operation. */
export class JsonPatchError extends Error {}

/** JSON patch, RFC 6902. @throws {JsonPatchError} */
export function applyJsonPatch(
  target: unknown,
  operations: JsonPatchOperation[],
): unknown {
  const root = { '': structuredClone(target) };
  for (const { op, path, from, value } of operations) {
    switch (op) {
      case 'add':
        add(root, path, structuredClone(value));
        break;
      case 'remove':
        remove(root, path);
        break;
      case 'replace':
        remove(root, path);
        add(root, path, structuredClone(value));
        break;
      case 'move':
        add(root, path, remove(root, from ?? ''));
        break;
      case 'copy':
        add(root, path, structuredClone(read(root, from ?? '')));
        break;
      case 'test':
        if (JSON.stringify(read(root, path)) !== JSON.stringify(value)) {
          throw new JsonPatchError(`testing path ${path} failed`);
        }
        break;
      default:
        throw new JsonPatchError(`unknown operation "${op}"`);
    }
  }
  return root[''];
}

function locate(root: unknown, path: string): [parent: any, key: string] {
  const steps = path
    .split('/')
    .map(step => step.replace(/~1/g, '/').replace(/~0/g, '~'));
  let parent: any = root;
  for (const step of steps.slice(0, -1)) {
    parent = parent?.[step];
  }
  if (typeof parent !== 'object' || parent === null) {
    throw new JsonPatchError(`path ${path} does not exist`);
  }
  return [parent, steps[steps.length - 1]];
}

function read(root: unknown, path: string): unknown {
  const [parent, key] = locate(root, path);
  return parent[key];
}

function add(root: unknown, path: string, value: unknown): void {
  const [parent, key] = locate(root, path);
  if (Array.isArray(parent)) {
    parent.splice(key === '-' ? parent.length : Number(key), 0, value);
  } else {
    parent[key] = value;
  }
}

function remove(root: unknown, path: string): unknown {
  const [parent, key] = locate(root, path);
  if (!(key in parent)) {
    throw new JsonPatchError(`path ${path} does not exist`);
  }
  const removed = parent[key];
  if (Array.isArray(parent)) {
    parent.splice(Number(key), 1);
  } else {
    delete parent[key];
  }
  return removed;
}
