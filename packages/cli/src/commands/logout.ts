import { Command } from 'commander';
import { usageFailure } from '../failure';
import { loginPath, readLogins, writeLogins } from '../loginFile';
import { remark } from '../output/outputForm';
import { portalUrl } from '../portalConnection';

const HELP = `
Examples:
  $ kube-topology logout
  $ kube-topology logout --portal https://portal.example.com
  $ kube-topology logout --all

Exit code: 0 also when nobody was logged in, 2 for a wrong call.`;

export function createLogoutCommand(): Command {
  return new Command('logout')
    .summary('forget the token of a portal')
    .description('Forgets the token that "kube-topology login" keeps.')
    .option(
      '--portal <url>',
      'of this portal (default: the one of the last login)',
    )
    .option('--all', 'of all portals')
    .addHelpText('after', HELP)
    .action((options: { portal?: string; all?: boolean }) => {
      const { current, portals } = readLogins();
      if (options.all) {
        writeLogins({ portals: {} });
        remark(`no token is kept in ${loginPath()} any more`);
        return;
      }
      const url =
        options.portal === undefined ? current : portalUrl(options.portal);
      if (url === undefined) {
        remark('nobody is logged in');
        return;
      }
      if (!(url in portals)) {
        throw usageFailure(
          `no token is kept for ${url}, only for ${
            Object.keys(portals).join(', ') || 'none'
          }`,
        );
      }
      const { [url]: _, ...others } = portals;
      writeLogins({
        portals: others,
        ...(current !== undefined && current !== url && { current }),
      });
      remark(`the token of ${url} is forgotten`);
    });
}
