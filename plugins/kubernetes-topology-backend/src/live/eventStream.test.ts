import express from 'express';
import { once } from 'node:events';
import http, { Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { EventStream } from './eventStream';

describe('EventStream', () => {
  let server: Server;
  afterEach(() => server.close());

  it('is over at once for a client that has gone while its answer was sought', async () => {
    const app = express();
    const made = new Promise<EventStream>(resolve => {
      app.get('/', (_request, response) => {
        response.on('close', () => resolve(new EventStream(response)));
      });
    });
    server = app.listen(0);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const request = http.get({ port });
    request.on('error', () => undefined);
    await once(server, 'request');
    request.destroy();
    const stream = await made;
    expect(stream.signal.aborted).toBe(true);
    // Nobody waits for somebody to read it.
    await stream.send('answer', {});
  });
});
