// The limit of reading: a worker thread that lists every kind page by page, cuts managedFields, parses, and trims to
// the row's shape. No graph, no health, no database.
import http from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { withoutManagedFields } from './cutManagedFields.mjs';

const agent = new http.Agent({ keepAlive: true });

function get(url, accept) {
  return new Promise((resolve, reject) => {
    http
      .get(
        url,
        {
          agent,
          headers: {
            authorization: `Bearer ${workerData.token}`,
            ...(accept ? { accept } : {}),
          },
        },
        response => {
          const chunks = [];
          response.on('data', chunk => chunks.push(chunk));
          response.on('end', () => resolve(Buffer.concat(chunks)));
        },
      )
      .on('error', reject);
  });
}

const METADATA =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

let objects = 0;
for (const { path, metadataOnly } of workerData.paths) {
  let next = '';
  do {
    const bytes = await get(
      `${workerData.url}${path}?limit=500${
        next ? `&continue=${encodeURIComponent(next)}` : ''
      }`,
      metadataOnly ? METADATA : undefined,
    );
    const list = JSON.parse(withoutManagedFields(bytes));
    const rows = (list.items ?? []).map(item => ({
      name: item.metadata.name,
      namespace: item.metadata.namespace,
      uid: item.metadata.uid,
      labels: item.metadata.labels,
      owners: item.metadata.ownerReferences,
      nodeName: item.spec?.nodeName,
      phase: item.status?.phase,
      images: item.spec?.containers?.map(container => container.image),
    }));
    objects += rows.length;
    parentPort.postMessage({ rows });
    next = list.metadata?.continue ?? '';
  } while (next);
}
parentPort.postMessage({ done: true, objects });
