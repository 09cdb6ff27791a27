import { readdirSync } from 'fs';
import path from 'path';
import { KubernetesObject } from '../objects/kubernetesObject';
import { withLastApplied } from './lastApplied';
import { readObjectsFromFile } from './readObjects';

/** Beside the sources as beside `dist`. */
const FOLDER = path.resolve(
  __dirname,
  __dirname.endsWith('dist') ? '..' : '../..',
  'landscape',
);

/** The demo: hello-node, bookinfo, wordpress with mysql and task-pv on three nodes, as `kubectl apply` would send them. */
export function demoLandscape(): KubernetesObject[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.yaml'))
    .sort()
    .flatMap(file => readObjectsFromFile(path.join(FOLDER, file)))
    .map(object => (object.kind === 'Node' ? object : withLastApplied(object)));
}
