import { KindDefinition } from './kindDefinition';
import { CONTROLLER_REVISION } from './kindIds';
import { existenceVerdict, observation } from './metadata';

/**
 * A former or the present template of a StatefulSet or DaemonSet (R007, R009). Its `data` is that template, with
 * whatever stands in its environment: it is not read.
 */
export const controllerRevisionKind: KindDefinition = {
  id: CONTROLLER_REVISION,
  type: 'controllerrevision',
  version: 'v1',
  plural: 'controllerrevisions',
  namespaced: true,
  metadataOnly: true,
  observe(controllerRevision, context) {
    return observation(CONTROLLER_REVISION, true, controllerRevision, context, {
      // Only in full objects: metadata alone does not tell.
      properties: { Revision: controllerRevision.revision },
      verdict: existenceVerdict(controllerRevision),
    });
  },
};
