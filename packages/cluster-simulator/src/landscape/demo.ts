import { readdirSync } from 'fs';
import path from 'path';
import { KubernetesObject } from '../objects/kubernetesObject';
import { withLastApplied } from './lastApplied';
import { readObjectsFromFile } from './readObjects';

const FOLDER = path.join(
  path.dirname(
    require.resolve('@kubernetes-topology/cluster-simulator/package.json'),
  ),
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
