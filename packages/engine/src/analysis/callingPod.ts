import { Evidence } from '../kinds/status';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Symptom, symptomsOf, textsOf } from './symptom';

/** A pod whose trouble may be that what it calls does not answer. */
export interface CallingSymptom {
  symptom: Symptom;
  /** The kubelet's or the container's words: of the probe, or of the container's end. */
  words?: string;
  evidence: Evidence[];
  /** Milliseconds since the epoch: it had been ready until then, or was never since it started. */
  since?: number;
  /** It is an init container that waits. */
  awaits: boolean;
  /** The container's own words speak of a connection or of a name that cannot be looked up. */
  speaksOfCall: boolean;
  /** They speak of a name that cannot be looked up. */
  speaksOfName: boolean;
}

const UNREADY = /^(ReadinessFailing|StartupFailing|LivenessKilling)$/;
const ENDS = /^(CrashLoopBackOff|Restarting|ContainerFailed|InitFailing)$/;
const WAITS = /^(InitHanging|InitFailing|InitRunning)$/;
const CALL =
  /refused|ECONNREFUSED|unreachable|no route to host|timed? ?out|ETIMEDOUT|deadline exceeded|could not connect|cannot connect|connection reset|connection failure|dial tcp|unable to connect|failed to connect|50[234]\b/i;
const NAME =
  /no such host|ENOTFOUND|EAI_AGAIN|name or service not known|name resolution|could not resolve|NXDOMAIN|lookup \S+|UnknownHost|getaddrinfo|bad address/i;

/**
 * What a pod shows when something it calls is gone: its probe fails, its init container waits, or it ends with words
 * about a connection. What Kubernetes itself explains (out of memory, no such command) is something else.
 */
export function callingSymptom(
  pod: CausalGraphNode,
  graph: CausalGraph,
): CallingSymptom | undefined {
  for (const symptom of symptomsOf(pod, graph)) {
    const { reason, evidence } = symptom;
    const isInit = symptom.container?.properties.Role === 'init';
    const unready = UNREADY.test(reason);
    const ends = ENDS.test(reason);
    const awaits = WAITS.test(reason) || (isInit && ends);
    if (!unready && !ends && !awaits) {
      continue;
    }
    const probe = graph
      .events(pod.key)
      .find(one => one.reason === 'Unhealthy')?.message;
    const texts = [...textsOf(symptom), ...(probe ? [probe] : [])];
    const own = texts.filter(text => !text.startsWith('back-off '));
    const speaksOfName = own.some(text => NAME.test(text));
    const speaksOfCall = speaksOfName || own.some(text => CALL.test(text));
    if (ends && !awaits && (isExplained(own) || !speaksOfCall)) {
      continue;
    }
    const words = [...own]
      .reverse()
      .find(text => NAME.test(text) || CALL.test(text));
    return {
      symptom,
      words: words ?? probe,
      evidence: [
        ...evidence,
        ...(probe
          ? [{ source: 'event' as const, field: 'Unhealthy', value: probe }]
          : []),
      ],
      // A crash loop's last end says nothing of its first.
      since: ends ? undefined : symptom.since ?? pod.verdict.since,
      awaits,
      speaksOfCall,
      speaksOfName,
    };
  }
  return undefined;
}

function isExplained(texts: readonly string[]): boolean {
  return texts.some(text =>
    /^(OOMKilled|StartError|ContainerCannotRun)/.test(text),
  );
}
