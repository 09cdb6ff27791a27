import { LAST_PORT, Protocol, PROTOCOLS } from './portSet';

/** A port as one asks for it: a number, or a name that each destination resolves for itself. */
export interface AskedPort {
  protocol: Protocol;
  port: number | string;
}

export function askedPortText({ port, protocol }: AskedPort): string {
  return `${port}/${protocol}`;
}

/**
 * `80`, `80/UDP`, `UDP/80`, or the name of a port instead of its number; TCP without a protocol.
 *
 * @throws RangeError that says how it is written
 */
export function parseAskedPort(text: string): AskedPort {
  const parts = text.split('/');
  const protocolOf = (part: string) =>
    PROTOCOLS.find(protocol => protocol === part.toUpperCase());
  const [first, second = 'TCP'] = parts;
  const isSwapped = protocolOf(first) && !protocolOf(second);
  const [port, protocol] = isSwapped
    ? [second, protocolOf(first)]
    : [first, protocolOf(second)];
  if (parts.length > 2 || !protocol || !/^[\w-]+$/.test(port)) {
    throw new RangeError(
      'Write a port like 80/TCP, 53/UDP or http/TCP; protocols are TCP, UDP, SCTP.',
    );
  }
  if (!/^\d+$/.test(port)) {
    return { protocol, port };
  }
  if (Number(port) < 1 || Number(port) > LAST_PORT) {
    throw new RangeError('Ports are 1 to 65535.');
  }
  return { protocol, port: Number(port) };
}
