import { Command } from 'commander';
import { usageFailure } from '../failure';
import { interruptible, unlessAborted } from '../interrupt';
import { loginPath, readLogins, writeLogins } from '../loginFile';
import { remark } from '../output/outputForm';
import { portalUrl } from '../portalConnection';
import { openPortal } from '../portalTopology';
import { readSecret } from '../readSecret';
import { addPortalOptions, PortalOptions } from '../sourceOptions';

const HELP = `
The token is tried, then kept in ~/.config/kube-topology/login.json (or under XDG_CONFIG_HOME), readable by you alone. From
then on commands ask this portal when no source is named. --token and KUBE_TOPOLOGY_TOKEN come before what is kept.
Without --token it is asked for, or read from standard input where that is no terminal.

Examples:
  $ kube-topology login --portal https://portal.example.com
  $ pass show portal-token | kube-topology login --portal https://portal.example.com
  $ kube-topology query "G.V().Has('Type', 'pod').Count()"
  $ kube-topology logout

Exit code: 0 logged in, 1 the portal does not accept the token or is away, 2 for a wrong call, 130 after Ctrl-C.`;

export function createLoginCommand(): Command {
  return addPortalOptions(
    new Command('login')
      .summary('keep the token of a portal')
      .description(
        'Keeps the token of a portal, so that it need not be given to each call.',
      ),
  )
    .addHelpText('after', HELP)
    .action(async (options: PortalOptions) => {
      if (options.portal === undefined) {
        throw usageFailure(
          'say which portal: kube-topology login --portal https://portal.example.com',
        );
      }
      const url = portalUrl(options.portal);
      await interruptible(async signal => {
        const token = (
          options.token ??
          (await unlessAborted(signal, readSecret(`token of ${url}: `)))
        ).trim();
        if (token === '' || /\s/.test(token)) {
          throw usageFailure('a token is one word, and this is none');
        }
        await openPortal({ from: 'portal', url, token }, signal).clusters();
        const logins = readLogins();
        writeLogins({
          current: url,
          portals: { ...logins.portals, [url]: { token } },
        });
        remark(`${url} accepts the token; it is kept in ${loginPath()}`);
      });
    });
}
