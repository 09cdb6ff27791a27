import { KubernetesObject } from './kindDefinition';

/** What a mesh adds beside them: its ports say nothing of the application's. */
const PROXIES: ReadonlySet<unknown> = new Set(['istio-proxy', 'linkerd-proxy']);

/**
 * The ports that a pod's containers declare, as its facts keep them: ` 8080 http 9090 `, numbers and names between
 * spaces. `undefined` where nothing follows from them: a pod that declares none, or that has its node's network.
 */
export function declaredPorts({ spec }: KubernetesObject): string | undefined {
  if (!spec || spec.hostNetwork) {
    return undefined;
  }
  const text =
    portsOf(spec.containers, false) + portsOf(spec.initContainers, true);
  return text === '' ? undefined : `${text} `;
}

/** Init containers have ended when the pod serves, unless they are sidecars. */
function portsOf(containers: unknown, onlySidecars: boolean): string {
  let text = '';
  if (Array.isArray(containers)) {
    for (const container of containers) {
      const counts =
        (!onlySidecars || container?.restartPolicy === 'Always') &&
        !PROXIES.has(container?.name);
      const ports: unknown = counts ? container?.ports : undefined;
      if (Array.isArray(ports)) {
        for (const { containerPort, name } of ports) {
          text += name ? ` ${containerPort} ${name}` : ` ${containerPort}`;
        }
      }
    }
  }
  return text;
}

/** Whether the port, by number or name, is among them. */
export function declares(ports: string, port: unknown): boolean {
  return ports.includes(` ${port} `);
}
