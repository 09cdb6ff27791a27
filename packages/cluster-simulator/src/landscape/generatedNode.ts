import { KubernetesObject } from '../objects/kubernetesObject';
import { Stamp } from './stamp';

const CONDITIONS = [
  [
    'MemoryPressure',
    'False',
    'KubeletHasSufficientMemory',
    'kubelet has sufficient memory available',
  ],
  [
    'DiskPressure',
    'False',
    'KubeletHasNoDiskPressure',
    'kubelet has no disk pressure',
  ],
  [
    'PIDPressure',
    'False',
    'KubeletHasSufficientPID',
    'kubelet has sufficient PID available',
  ],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

export function nodeName(index: number): string {
  return `node-${String(index + 1).padStart(4, '0')}`;
}

export function nodeAddress(index: number): string {
  return `192.168.${Math.floor(index / 250)}.${1 + (index % 250)}`;
}

export function generatedNode(stamp: Stamp, index: number): KubernetesObject {
  const name = nodeName(index);
  const podCIDR = `10.${100 + Math.floor(index / 256)}.${index % 256}.0/24`;
  const amounts = {
    cpu: '16',
    'ephemeral-storage': '200Gi',
    memory: '64Gi',
    pods: '110',
  };
  return stamp.object(
    'v1',
    'Node',
    {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': 'm.large',
        'topology.kubernetes.io/region': 'simulated',
        'topology.kubernetes.io/zone': `simulated-${'abc'[index % 3]}`,
      },
    },
    {
      spec: { podCIDR, podCIDRs: [podCIDR], providerID: `simulated://${name}` },
      status: {
        capacity: amounts,
        allocatable: amounts,
        conditions: CONDITIONS.map(([type, status, reason, message]) => ({
          type,
          status,
          lastHeartbeatTime: stamp.time,
          lastTransitionTime: stamp.time,
          reason,
          message,
        })),
        addresses: [
          { type: 'InternalIP', address: nodeAddress(index) },
          { type: 'Hostname', address: name },
        ],
        daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
        nodeInfo: {
          machineID: stamp.names.hex(32),
          systemUUID: stamp.names.uid(),
          bootID: stamp.names.uid(),
          kernelVersion: '6.1.0',
          osImage: 'Simulated Linux',
          containerRuntimeVersion: 'containerd://1.7.22',
          kubeletVersion: 'v1.31.0',
          kubeProxyVersion: 'v1.31.0',
          operatingSystem: 'linux',
          architecture: 'amd64',
        },
      },
    },
  );
}
