// The limit of reading: a worker thread that lists every kind page by page, cuts managedFields, parses, and trims to
// the row's shape. No graph, no health, no database.
import { once } from 'node:events';
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

function getPage({ path, metadataOnly }, next) {
  return get(
    `${workerData.url}${path}?limit=500${
      next ? `&continue=${encodeURIComponent(next)}` : ''
    }`,
    metadataOnly ? METADATA : undefined,
  );
}

/** Where the next page starts, from the head of a list, so that it is on its way while this one is parsed. */
function nextOf(bytes) {
  const head = bytes.toString('utf8', 0, 1000);
  return /^[^[]*"continue":"([^"]+)"/.exec(head)?.[1];
}

parentPort.postMessage({ started: true });
await once(parentPort, 'message');
let objects = 0;
for (const kind of workerData.paths) {
  let page = getPage(kind);
  while (page) {
    const bytes = await page;
    const next = nextOf(bytes);
    page = next && getPage(kind, next);
    const list = JSON.parse(withoutManagedFields(bytes));
    if ((list.metadata?.continue || undefined) !== next) {
      throw new Error('the head of a list does not tell its next page');
    }
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
  }
}
parentPort.postMessage({ done: true, objects });
