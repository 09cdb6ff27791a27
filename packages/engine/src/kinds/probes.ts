import { withoutUndefined } from './json';
import { KubernetesObject } from './kindDefinition';
import { Json } from './observation';

const PROBES = ['liveness', 'readiness', 'startup'] as const;

/**
 * Where and how often the kubelet probes a container; times in seconds. Of a command only that there is one, of a path
 * nothing behind `?`, and no header: passwords stand there.
 *
 *     { "liveness": { "By": "http", "Port": 8080, "Path": "/healthz", "Period": 10, "Threshold": 3, … } }
 */
export function probeProperties(spec: KubernetesObject): Json | undefined {
  const found: { [name: string]: Json } = {};
  for (const name of PROBES) {
    const probe = spec[`${name}Probe`];
    if (probe) {
      found[name] = probeOf(probe);
    }
  }
  if (spec.lifecycle?.postStart) {
    found.postStart = true;
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

function probeOf(probe: KubernetesObject): Json {
  const { httpGet, tcpSocket, grpc } = probe;
  const at = httpGet ?? tcpSocket ?? grpc;
  return withoutUndefined<{ [name: string]: Json | undefined }>({
    By: howOf(probe),
    Port: at?.port,
    Path: httpGet && String(httpGet.path ?? '/').split('?')[0],
    InitialDelay: probe.initialDelaySeconds ?? 0,
    Period: probe.periodSeconds ?? 10,
    Timeout: probe.timeoutSeconds ?? 1,
    Threshold: probe.failureThreshold ?? 3,
  });
}

function howOf({ httpGet, tcpSocket, grpc }: KubernetesObject): string {
  if (httpGet) {
    return 'http';
  }
  if (tcpSocket) {
    return 'tcp';
  }
  return grpc ? 'grpc' : 'command';
}
