import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { runCommand } from './__testUtils__/runCommand';
import { scratchFolder } from './__testUtils__/scratch';
import { loginPath, readLogins, writeLogins } from './loginFile';

jest.setTimeout(120_000);

describe('the login file', () => {
  const scratch = scratchFolder();
  const file = () => scratch.path('a/login.json');

  it('is readable by its user alone, and nothing when it is not there', () => {
    expect(readLogins(file())).toEqual({ portals: {} });
    const logins = {
      current: 'http://p',
      portals: { 'http://p': { token: 't' } },
    };
    writeLogins(logins, file());
    expect(readLogins(file())).toEqual(logins);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(scratch.path('a')).mode & 0o777).toBe(0o700);
  });

  it('is not taken when others may read it', () => {
    writeLogins({ portals: {} }, file());
    chmodSync(file(), 0o644);
    expect(() => readLogins(file())).toThrow(
      /can be read by others: chmod 600/,
    );
  });

  it.each([
    '',
    'null',
    '[]',
    '{"portals": null}',
    '{"portals": {"a": {}}}',
    '{',
  ])('is not taken when it holds %j', text => {
    writeLogins({ portals: {} }, file());
    writeFileSync(file(), text);
    expect(() => readLogins(file())).toThrow(/delete it and log in again/);
  });

  it.each([
    [{ XDG_CONFIG_HOME: '/x' }, /^\/x\/kube-topology\/login\.json$/],
    [{}, /\/\.config\/kube-topology\/login\.json$/],
  ])('stands where the user keeps configuration: %j', (env, path) => {
    expect(loginPath(env)).toMatch(path);
  });
});

describe('login and logout', () => {
  const scratch = scratchFolder();
  let server: Server;
  let portal: string;
  let tokens: (string | undefined)[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      tokens.push(request.headers.authorization);
      const isKnown = request.headers.authorization === 'Bearer good';
      response
        .writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' })
        .end(
          isKnown
            ? '[]'
            : '{"error":{"name":"AuthenticationError","message":"no"}}',
        );
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    portal = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise(resolve => server.close(resolve)));
  beforeEach(() => {
    tokens = [];
  });

  const run = (args: string[], input = '') =>
    runCommand(args, {
      input,
      env: { XDG_CONFIG_HOME: scratch.path('config') },
    });

  it('keeps a token that the portal accepts, uses it, and forgets it', async () => {
    const refused = await run(['login', '--portal', portal], 'bad\n');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/does not accept this token/);
    const kept = await run(['login', '--portal', `${portal}/`], 'good\n');
    expect(kept).toMatchObject({ code: 0, stdout: '' });
    expect(kept.stderr).not.toContain('good\n');
    tokens = [];
    const asked = await run(['clusters', '-o', 'json']);
    expect(asked).toEqual({ code: 0, stdout: '[]\n', stderr: '' });
    expect(tokens).toEqual(['Bearer good']);
    tokens = [];
    await run(['clusters', '--token', 'other']);
    expect(tokens).toEqual(['Bearer other']);
    await run(['logout']);
    tokens = [];
    const after = await run(['clusters', '--portal', portal]);
    expect(after.stderr).toMatch(/wants a token/);
    expect(tokens).toEqual([undefined]);
  });
});
