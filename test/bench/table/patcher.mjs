// Changes pods of a simulated cluster at a fixed rate, and tells when each change was acknowledged: the nth change sets
// the first container's restart count to (base + n) * 1000. Answers with [sent, acknowledged] of each, in ms since the epoch.
//
// argv[2]: { url, token, pods: ["<namespace>/<name>"], rate, seconds, base }
import http from 'node:http';
import fs from 'node:fs';

const { url, token, pods, rate, seconds, base } = JSON.parse(
  fs.readFileSync(process.argv[2], 'utf8'),
);
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
const now = () => performance.timeOrigin + performance.now();

function patch(nth) {
  const [namespace, name] = pods[nth % pods.length].split('/');
  const body = JSON.stringify([
    {
      op: 'replace',
      path: '/status/containerStatuses/0/restartCount',
      value: (base + nth) * 1000,
    },
  ]);
  const sent = now();
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${url}/api/v1/namespaces/${namespace}/pods/${name}/status`,
      {
        method: 'PATCH',
        agent,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json-patch+json',
          'content-length': Buffer.byteLength(body),
        },
      },
      response => {
        const acknowledged = now();
        response.resume();
        response.on('end', () =>
          response.statusCode === 200
            ? resolve([sent, acknowledged])
            : reject(new Error(`PATCH answered ${response.statusCode}`)),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const began = performance.now();
const total = rate * seconds;
const sent = [];
while (sent.length < total) {
  const due = Math.min(
    total,
    Math.floor(((performance.now() - began) / 1000) * rate),
  );
  while (sent.length < due) {
    sent.push(patch(sent.length + 1));
  }
  await new Promise(resolve => setTimeout(resolve, 2));
}
const changes = await Promise.all(sent);
// More than a pipe takes at once: exit when it is through.
process.stdout.write(JSON.stringify(changes), () => process.exit(0));
