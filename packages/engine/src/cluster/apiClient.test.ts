import http from 'node:http';
import { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ApiClient, ListEncoding } from './apiClient';

describe('a list', () => {
  const body = JSON.stringify({ items: [], padding: 'x'.repeat(200_000) });
  let server: http.Server;
  const asked: (string | undefined)[] = [];

  beforeAll(async () => {
    server = http.createServer(({ headers }, answer) => {
      const encoding = headers['accept-encoding'] as string;
      asked.push(encoding);
      if (encoding === 'gzip') {
        answer.writeHead(200, { 'content-encoding': 'gzip' });
        answer.end(gzipSync(body));
      } else {
        answer.end(body);
      }
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => new Promise(done => server.close(done)));

  it.each([
    ['compressed by itself', undefined, 'gzip'],
    ['as it is where that was asked for', 'identity', 'identity'],
  ] as [string, ListEncoding | undefined, string][])(
    'comes %s',
    async (_, encoding, expected) => {
      const { port } = server.address() as AddressInfo;
      const client = new ApiClient(
        { url: `http://127.0.0.1:${port}` },
        async () => ({}),
        {},
        encoding,
      );
      const read = await client.get({
        what: 'list pods',
        path: '/api/v1/pods',
        signal: new AbortController().signal,
      });
      client.close();
      expect(asked.pop()).toBe(expected);
      expect(read.toString()).toBe(body);
    },
  );
});
