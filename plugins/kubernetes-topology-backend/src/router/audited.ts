import {
  AuditorService,
  AuditorServiceCreateEventOptions,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';

/** Does something as one audit event, which ends as that ends. */
export async function audited<T>(
  auditor: AuditorService,
  event: AuditorServiceCreateEventOptions,
  act: () => Promise<T>,
): Promise<T> {
  const entry = await auditor.createEvent(event);
  try {
    const result = await act();
    await entry.success();
    return result;
  } catch (error) {
    const { name, message } = toError(error);
    await entry.fail({ error: Object.assign(new Error(message), { name }) });
    throw error;
  }
}
