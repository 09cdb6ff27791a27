import { EventRow } from '../graph/delta';
import { CausalGraph, CausalGraphNode, isKind } from './causalGraph';
import { containerRoot } from './container';
import { Ending, lastEnd } from './containerEnding';
import { bareName, containersOf, portsOf } from './containers';
import { Explainer, RootFinding } from './finding';
import { Symptom, symptomsOf } from './symptom';
import { templateCarrier } from './templateCarrier';
import { changesOf, fieldsOfContainer, templateChange } from './templateChange';

type ProbeName = 'liveness' | 'readiness' | 'startup';

/** What the kubelet asks, as the container's node keeps it. */
interface Probe {
  By?: string;
  Port?: number | string;
  Path?: string;
  InitialDelay: number;
  Period: number;
  Timeout: number;
  Threshold: number;
}

/** A probe that fails, and how. */
interface FailedProbe {
  name: ProbeName;
  container: CausalGraphNode;
  probe: Probe;
  /** The kubelet's words: `Liveness probe failed: …`. */
  words: string;
}

const REASONS =
  /^(CrashLoopBackOff|Restarting|LivenessKilling|StartupFailing|ReadinessFailing)$/;
/** The kubelet ends containers with TERM, then KILL; some handle TERM and end well. */
const KILLED = /exit code (0|2|137|143)\b/;
/** Seconds; a liveness probe that gives up sooner leaves no time to start. */
const IMPATIENT = 15;

/**
 * A probe that cannot succeed as it is written, or not in time (S022–S025): it asks on a port that no container
 * declares, for a path that the application does not have, by the wrong scheme, or it gives up within seconds. That a
 * rollout changed it and the former revision is well speaks against it, too. A probe that fails otherwise says nothing of
 * itself: then the application is not well, and this family is silent. So it is when siblings with the same probe are well.
 */
export const probeFault: Explainer = (pod, graph) => {
  const symptoms = symptomsOf(pod, graph).filter(({ reason }) =>
    REASONS.test(reason),
  );
  const failed =
    symptoms.length > 0 ? failedProbe(pod, symptoms, graph) : undefined;
  const siblingsAreWell =
    templateCarrier(pod, graph).node.key === pod.key &&
    graph.controllers(pod.key).length > 0;
  if (!failed || siblingsAreWell) {
    return undefined;
  }
  const symptom = symptoms.find(
    ({ container }) => container?.key === failed.container.key,
  )!;
  const ending =
    askingWrong(pod, failed, graph) ??
    changedProbe(pod, failed, graph) ??
    tooShort(failed);
  return ending && [finding(pod, symptom, failed, ending, graph)];
};

function finding(
  pod: CausalGraphNode,
  symptom: Symptom,
  failed: FailedProbe,
  ending: Pick<Ending, 'fault' | 'says' | 'proven' | 'nextStep'>,
  graph: CausalGraph,
): RootFinding {
  const root = containerRoot(
    pod,
    symptom,
    {
      ...ending,
      words: failed.words || 'no event tells how',
      fields: `${failed.name}Probe|ports|image|args|env|command`,
    },
    graph,
  );
  const told = {
    source: 'event' as const,
    field: 'Unhealthy',
    value: failed.words,
  };
  return {
    ...root,
    quote:
      failed.words === ''
        ? undefined
        : { who: 'the kubelet', text: failed.words },
    root: {
      ...root.root,
      evidence: [
        ...root.root.evidence,
        ...(failed.words === '' ? [] : [told]),
        {
          source: 'field',
          field: `${bareName(failed.container)}.${failed.name}Probe`,
          value: probeText(failed),
        },
      ],
    },
  };
}

function failedProbe(
  pod: CausalGraphNode,
  symptoms: readonly Symptom[],
  graph: CausalGraph,
): FailedProbe | undefined {
  const events = graph.events(pod.key);
  const kills = events.find(
    ({ reason, message }) =>
      reason === 'Killing' && /failed (liveness|startup) probe/.test(message),
  );
  for (const { container, evidence, reason } of symptoms) {
    if (!container || !isKind(container, 'Container')) {
      continue;
    }
    const end = lastEnd(evidence);
    const killed =
      kills && isOf(kills, container) && !/^OOMKilled/.test(end)
        ? /failed (liveness|startup)/.exec(kills.message)?.[1]
        : undefined;
    const ended = end !== '' && !/^Ready|^Starting/.test(reason);
    if (killed && (!ended || KILLED.test(end))) {
      return probeOf(killed as ProbeName, container, events);
    }
    if (/^(ReadinessFailing|StartupFailing)$/.test(reason)) {
      return probeOf(
        reason === 'StartupFailing' ? 'startup' : 'readiness',
        container,
        events,
      );
    }
  }
  return undefined;
}

/** `Container app failed liveness probe, will be restarted`. */
function isOf({ message }: EventRow, container: CausalGraphNode): boolean {
  return message.includes(`ontainer ${bareName(container)} `);
}

function probeOf(
  name: ProbeName,
  container: CausalGraphNode,
  events: readonly EventRow[],
): FailedProbe | undefined {
  const probe = (
    Object(container.properties.Probes) as Record<string, unknown>
  )[name] as Probe | undefined;
  const words = events.find(
    ({ reason, message }) =>
      reason === 'Unhealthy' &&
      message.toLowerCase().startsWith(`${name} probe`),
  )?.message;
  // Events are gone after an hour; what is written wrongly is still there.
  return probe && { name, container, probe, words: words ?? '' };
}

/** What can never succeed, whatever the application does. */
function askingWrong(
  pod: CausalGraphNode,
  failed: FailedProbe,
  graph: CausalGraph,
): Omit<Ending, 'words' | 'fields'> | undefined {
  const { name, probe, words, container } = failed;
  const status = /statuscode: (\d+)/.exec(words)?.[1];
  const fault = 'ProbeMisconfigured';
  const is = (text: string) => `fails its ${name} probe: ${text}`;
  if (status === '404' || status === '405') {
    return {
      fault,
      proven: true,
      says: is(
        `it asks GET ${probe.Path ?? '/'} on port ${
          probe.Port
        }, and the application answers ${status}`,
      ),
      nextStep: `Correct ${name}Probe.httpGet.path of container ${bareName(
        container,
      )} to one that the application has, or let it answer there`,
    };
  }
  if (
    /HTTP request to an HTTPS server|server gave HTTP response to HTTPS/.test(
      words,
    )
  ) {
    return {
      fault,
      proven: true,
      says: is('it asks by the wrong scheme, http or https'),
      nextStep: `Correct ${name}Probe.httpGet.scheme of container ${bareName(
        container,
      )}`,
    };
  }
  const all = containersOf(pod, graph) ?? [];
  const declared = all.flatMap(portsOf);
  const isDeclared = declared.some(({ port, name: portName }) =>
    typeof probe.Port === 'number'
      ? port === probe.Port
      : portName === probe.Port,
  );
  const unheard = /connection refused|couldn't find port|no port named/i;
  if (
    probe.Port === undefined ||
    declared.length === 0 ||
    isDeclared ||
    (words !== '' && !unheard.test(words))
  ) {
    return undefined;
  }
  const ports = [...new Set(declared.map(({ port }) => port))].join(', ');
  return {
    fault,
    proven: words !== '',
    says: is(
      `it asks on port ${probe.Port}, where nobody listens; the pod declares ${ports}`,
    ),
    nextStep: `Correct ${name}Probe port ${probe.Port} of container ${bareName(
      container,
    )}: the pod declares ${ports}`,
  };
}

/** The former revision is well with another probe. */
function changedProbe(
  pod: CausalGraphNode,
  { name, probe, words, container }: FailedProbe,
  graph: CausalGraph,
): Omit<Ending, 'words' | 'fields'> | undefined {
  const changed = changesOf(
    templateChange(pod, graph),
    fieldsOfContainer(bareName(container), `${name}Probe$`),
  );
  return changed.length === 0
    ? undefined
    : {
        fault: 'ProbeMisconfigured',
        proven: false,
        says: `fails its ${name} probe (${probeText({ name, probe })})`,
        nextStep: `Compare ${name}Probe of container ${bareName(
          container,
        )} with the revision before: "${words}"`,
      };
}

/** It gives up before a start can be over. */
function tooShort({
  name,
  probe,
  container,
  words,
}: FailedProbe): Omit<Ending, 'words' | 'fields'> | undefined {
  const budget = probe.InitialDelay + probe.Period * probe.Threshold;
  const notUp =
    /connection refused|deadline exceeded|timeout|timed out|EOF|statuscode: 50/i;
  if (!notUp.test(words)) {
    return undefined;
  }
  if (name === 'startup') {
    return {
      fault: 'StartupBudgetTooShort',
      proven: false,
      says: `is killed by its startup probe, which gives it ${budget} s to start`,
      nextStep: `Raise startupProbe.failureThreshold of container ${bareName(
        container,
      )} (now ${probe.Threshold}, every ${
        probe.Period
      } s), unless it never comes up: kubectl logs --previous`,
    };
  }
  const hasStartup = Object(container.properties.Probes).startup !== undefined;
  return name === 'liveness' && !hasStartup && budget <= IMPATIENT
    ? {
        fault: 'ProbeTooImpatient',
        proven: false,
        says: `is killed by its liveness probe ${budget} s after its start, before it answers`,
        nextStep: `Give container ${bareName(
          container,
        )} a startupProbe, or raise livenessProbe.initialDelaySeconds and failureThreshold`,
      }
    : undefined;
}

function probeText({
  name,
  probe,
}: Pick<FailedProbe, 'name' | 'probe'>): string {
  const { By = 'http', Port, Path, InitialDelay, Period, Threshold } = probe;
  const what = [By, Path, Port !== undefined && `port ${Port}`]
    .filter(Boolean)
    .join(' ');
  return `${name}: ${what}, after ${InitialDelay} s every ${Period} s, gives up after ${Threshold}`;
}
