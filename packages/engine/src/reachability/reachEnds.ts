import { IpRange, shortRangeText } from './ipRange';
import { PortNumber } from './decision';
import { PeerIndex } from './compiledPolicy';
import { Reachability } from './reachability';
import { podText } from './reachabilityInput';

/** One end of a connection: a pod, or addresses that all policies treat alike. */
export interface ReachEnd {
  peer: PeerIndex;
  /** Of a pod. */
  pod?: number;
  text: string;
}

/** Where a connection goes to, and on which port there. */
export interface ReachTarget extends ReachEnd {
  ports: readonly PortNumber[];
}

export function podEnd(model: Reachability, pod: number): ReachEnd {
  return { peer: model.classOf[pod], pod, text: podText(model.pods[pod]) };
}

/** Addresses, in as many ends as policies tell apart. The single address of a pod is the pod. */
export function addressEnds(model: Reachability, range: IpRange): ReachEnd[] {
  if (range.first === range.last) {
    const pod = model.podOfAddress(shortRangeText(range));
    if (pod !== undefined) {
      return [podEnd(model, pod)];
    }
  }
  return model.cells.cellsOf(range).map(index => {
    const { family, first, last } = model.cells.cells[index];
    return {
      peer: model.classes.length + index,
      text: shortRangeText({
        family,
        first: first < range.first ? range.first : first,
        last: last > range.last ? range.last : last,
      }),
    };
  });
}
