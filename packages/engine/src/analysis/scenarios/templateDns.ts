import { Objects } from './templateObjects';
import { service } from './templateResources';
import { WorkloadOptions, deployment } from './templateWorkloads';

/** CoreDNS as clusters have it. */
export function clusterDns(options: WorkloadOptions = {}): Objects {
  return [
    deployment('kube-system/coredns', {
      templateLabels: { 'k8s-app': 'kube-dns', app: 'coredns' },
      container: {
        ports: [
          { name: 'dns', containerPort: 53, protocol: 'UDP' },
          { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
        ],
      },
      ...options,
    }),
    service('kube-system/kube-dns', {
      labels: { 'k8s-app': 'kube-dns' },
      selector: { 'k8s-app': 'kube-dns' },
      ports: [
        { name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, targetPort: 53, protocol: 'TCP' },
      ],
    }),
  ];
}
