import { ActionServices } from './actionServices';
import { registerExplainObject } from './explainObject';
import { registerFindDependents } from './findDependents';
import { registerQueryTopology } from './queryTopology';

/** What agents may ask through the portal's actions registry, each under the permissions of whom it asks for. */
export function registerActions(services: ActionServices): void {
  registerQueryTopology(services);
  registerExplainObject(services);
  registerFindDependents(services);
}
