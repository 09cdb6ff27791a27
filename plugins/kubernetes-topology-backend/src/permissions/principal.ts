import {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';

/** Who it is, for runs and audit: a user's entity reference, or a service's subject. */
export function principalName(
  auth: AuthService,
  credentials: BackstageCredentials,
): string {
  if (auth.isPrincipal(credentials, 'user')) {
    return credentials.principal.userEntityRef;
  }
  if (auth.isPrincipal(credentials, 'service')) {
    return credentials.principal.subject;
  }
  return 'unknown';
}
