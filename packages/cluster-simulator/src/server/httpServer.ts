import { createServer, Server } from 'http';
import { AddressInfo, Socket } from 'net';
import { Exchange } from './exchange';

/** A listening port that can be closed and opened again at the same number. */
export class HttpServer {
  readonly #host: string;
  readonly #handle: (exchange: Exchange) => Promise<void>;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port: number;

  /** @param port 0: any free one */
  static async listen(
    host: string,
    port: number,
    handle: (exchange: Exchange) => Promise<void>,
  ): Promise<HttpServer> {
    const server = new HttpServer(host, port, handle);
    await server.open();
    return server;
  }

  private constructor(
    host: string,
    port: number,
    handle: (exchange: Exchange) => Promise<void>,
  ) {
    this.#host = host;
    this.#port = port;
    this.#handle = handle;
  }

  get url(): string {
    return `http://${this.#host}:${this.#port}`;
  }

  async open(): Promise<void> {
    const server = createServer((request, response) => {
      void this.#handle(new Exchange(request, response));
    });
    // Watches are silent for long, and clients keep connections alive.
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    server.on('connection', socket => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.#host, resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Refuses new connections. @param keep connections that stay open */
  async close(keep: (socket: Socket) => boolean = () => false): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) {
      return;
    }
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    const kept = [...this.#sockets].filter(keep);
    [...this.#sockets]
      .filter(socket => !kept.includes(socket))
      .forEach(socket => socket.destroy());
    if (kept.length === 0) {
      await closed;
    }
  }
}
