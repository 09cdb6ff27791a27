import type { EndName } from '@kubernetes-topology/engine';
import { Command } from 'commander';
import { usageFailure } from '../failure';

/** The ends of a question, as they were typed. */
export interface EndOptions {
  fromPod?: string;
  fromWorkload?: string;
  fromNamespace?: string;
  fromService?: string;
  fromIp?: string;
  fromOutside?: boolean;
  toPod?: string;
  toWorkload?: string;
  toNamespace?: string;
  toService?: string;
  toIp?: string;
  toOutside?: boolean;
}

const SIDES = { from: 'whence', to: 'whither' } as const;

export function addEndOptions(command: Command): Command {
  for (const [side, word] of Object.entries(SIDES)) {
    command
      .option(`--${side}-pod <ns/name>`, `${word}: a pod`)
      .option(
        `--${side}-workload <ns/name>`,
        `${word}: all pods of a Deployment, StatefulSet, …; ns/name[Kind] where several have the name`,
      )
      .option(`--${side}-namespace <name>`, `${word}: all pods of a namespace`)
      .option(
        `--${side}-service <ns/name>`,
        side === 'to'
          ? `${word}: the pods behind a Service, on the ports that it leads to`
          : `${word}: the pods behind a Service`,
      )
      .option(
        `--${side}-ip <cidr>`,
        `${word}: an address, a CIDR, or first-last`,
      )
      .option(`--${side}-outside`, `${word}: all addresses`);
  }
  return command;
}

/** @throws Failure unless there is exactly one */
export function endOf(
  options: EndOptions,
  side: keyof typeof SIDES,
  namespace: string | undefined,
): EndName {
  const given = (what: string): string | undefined =>
    options[`${side}${what}` as keyof EndOptions] as string | undefined;
  const named = (type: 'pod' | 'service', text: string): EndName => ({
    type,
    ...objectName(text, namespace),
  });
  const found: EndName[] = [
    given('Pod') !== undefined && named('pod', given('Pod')!),
    given('Workload') !== undefined && workload(given('Workload')!, namespace),
    given('Namespace') !== undefined && {
      type: 'namespace' as const,
      name: given('Namespace')!,
    },
    given('Service') !== undefined && named('service', given('Service')!),
    given('Ip') !== undefined && {
      type: 'addresses' as const,
      text: given('Ip')!,
    },
    options[`${side}Outside`] === true && { type: 'outside' as const },
  ].filter(end => end !== false);
  if (found.length !== 1) {
    throw usageFailure(
      found.length === 0
        ? `say ${SIDES[side]}: give one of --${side}-pod, --${side}-workload, --${side}-namespace, --${side}-service, --${side}-ip, --${side}-outside`
        : `say ${SIDES[side]} once: give one of the options --${side}-…`,
    );
  }
  return found[0];
}

/** `ns/name`, or a name in the namespace of `-n`. */
export function objectName(
  text: string,
  namespace: string | undefined,
): { namespace: string; name: string } {
  const parts = text.split('/');
  const [first, second] = parts;
  if (parts.length > 2 || first === '' || second === '') {
    throw usageFailure(`"${text}" is not written like NAMESPACE/NAME`);
  }
  return second === undefined
    ? { namespace: namespace ?? 'default', name: first }
    : { namespace: first, name: second };
}

function workload(text: string, namespace: string | undefined): EndName {
  const [, written, kind] = /^(.*?)(?:\[(\w+)\])?$/.exec(text)!;
  return {
    type: 'workload',
    ...objectName(written, namespace),
    ...(kind && { kind }),
  };
}
