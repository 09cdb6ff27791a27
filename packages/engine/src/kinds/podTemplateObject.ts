import { KindDefinition } from './kindDefinition';
import { POD_TEMPLATE } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { templateReferences } from './templateReferences';
import { templateProperties } from './workload';

/** A stored template that no controller runs: it is drawn for what it would need (R038). */
export const podTemplateKind: KindDefinition = {
  id: POD_TEMPLATE,
  type: 'podtemplate',
  version: 'v1',
  plural: 'podtemplates',
  namespaced: true,
  observe(object, context) {
    const { template = {}, metadata } = object;
    return observation(POD_TEMPLATE, true, object, context, {
      properties: templateProperties(object, template.spec),
      verdict: existenceVerdict(object),
      references: templateReferences('podtemplate', metadata, template),
    });
  },
};
