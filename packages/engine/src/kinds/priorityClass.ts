import { KindDefinition } from './kindDefinition';
import { PRIORITY_CLASS } from './kindIds';
import { existenceVerdict, observation } from './metadata';

/** Which pods go first, and which are put out for them (R116). */
export const priorityClassKind: KindDefinition = {
  id: PRIORITY_CLASS,
  type: 'priorityclass',
  version: 'v1',
  plural: 'priorityclasses',
  namespaced: false,
  observe(priorityClass, context) {
    return observation(PRIORITY_CLASS, false, priorityClass, context, {
      properties: {
        Value: priorityClass.value,
        GlobalDefault: priorityClass.globalDefault,
        PreemptionPolicy: priorityClass.preemptionPolicy,
      },
      verdict: existenceVerdict(priorityClass),
    });
  },
};
