import { KindDefinition } from './kindDefinition';
import { NODE, RUNTIME_CLASS } from './kindIds';
import { selectorFromMap } from './labelSelector';
import { existenceVerdict, observation } from './metadata';

/** A container runtime that some nodes have (R118, R119). */
export const runtimeClassKind: KindDefinition = {
  id: RUNTIME_CLASS,
  type: 'runtimeclass',
  version: 'v1',
  plural: 'runtimeclasses',
  namespaced: false,
  observe(runtimeClass, context) {
    const nodes = runtimeClass.scheduling?.nodeSelector ?? {};
    return observation(RUNTIME_CLASS, false, runtimeClass, context, {
      properties: {
        Handler: runtimeClass.handler,
        NodeSelector:
          Object.keys(nodes).length > 0
            ? Object.fromEntries(
                Object.entries(nodes).map(([key, value]) => [
                  key,
                  String(value),
                ]),
              )
            : undefined,
      },
      verdict: existenceVerdict(runtimeClass),
      // Without a selector it says nothing about nodes, rather than something about all of them.
      selectors:
        Object.keys(nodes).length > 0
          ? [
              {
                relation: 'runtimeclass-node',
                end: 'source',
                kind: NODE,
                namespaces: 'all',
                selector: selectorFromMap(nodes),
              },
            ]
          : [],
    });
  },
};
