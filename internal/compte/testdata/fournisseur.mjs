// A provider as ProConnect is: oidc-provider, with a signed userinfo, PKCE and amr. For tests only. It prints its issuer, then reads
// the portal's address on its standard input, and ends with it.
//   node fournisseur.mjs <folder of node_modules> <client> <secret>
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [modules, client, secret] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));

const server = createServer();
await new Promise((listening) => { server.listen(0, '127.0.0.1', listening); });
const issuer = `http://127.0.0.1:${server.address().port}`;
console.log(issuer);

const input = createInterface({ input: process.stdin });
const portal = await new Promise((said) => { input.once('line', said); });
input.once('close', () => process.exit(0)); // the test is over, however it ended

// The login typed is the e-mail; the identity follows from it.
const claims = (sub) => ({
  sub: `sub-${sub}`, email: sub, given_name: 'Camille', usual_name: 'Martin', uid: `uid-${sub}`, siret: '13002526500013', idp_id: 'idp-essai',
});

const provider = new Provider(issuer, {
  clients: [{
    client_id: client, client_secret: secret, token_endpoint_auth_method: 'client_secret_post', grant_types: ['authorization_code'], response_types: ['code'],
    redirect_uris: [`${portal}/proconnect/retour`], post_logout_redirect_uris: [`${portal}/proconnect/sortie`],
    id_token_signed_response_alg: 'RS256', userinfo_signed_response_alg: 'RS256',
  }],
  jwks: { keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'essai' }] },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  scopes: ['openid', 'given_name', 'usual_name', 'email', 'uid', 'siret', 'idp_id'],
  claims: {
    openid: ['sub'], given_name: ['given_name'], usual_name: ['usual_name'], email: ['email'], uid: ['uid'], siret: ['siret'], idp_id: ['idp_id'], amr: null, acr: null,
  },
  features: { devInteractions: { enabled: false }, jwtUserinfo: { enabled: true }, claimsParameter: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  pkce: { required: () => true },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => claims(sub.replace(/^sub-/, '')) }),
});

const page = (res, body) => {
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  res.end(`<!doctype html><html lang="fr"><title>Fournisseur d’essai</title><body>${body}`);
};

async function form(req) {
  let body = '';
  for await (const part of req) body += part;
  return new URLSearchParams(body);
}

/** The two questions of a provider: who are you, do you agree that this service is told. */
async function interaction(req, res) {
  const { prompt, session, params, grantId } = await provider.interactionDetails(req, res);
  if (req.method !== 'POST') {
    return page(res, prompt.name === 'login'
      ? '<form method="post"><input name="login" aria-label="Adresse"><label><input type="checkbox" name="mfa" value="1">Second facteur</label><button>Se connecter</button></form>'
      : '<form method="post"><button>Autoriser</button></form>');
  }
  const typed = await form(req);
  if (prompt.name === 'login') {
    return provider.interactionFinished(req, res, { login: { accountId: `sub-${typed.get('login')}`, amr: typed.get('mfa') ? ['pwd', 'mfa'] : ['pwd'] } });
  }
  const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  const { missingOIDCScope, missingOIDCClaims } = prompt.details;
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
  return provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

const oidc = provider.callback();
server.on('request', (req, res) => {
  if (!req.url.startsWith('/interaction/')) return oidc(req, res);
  return interaction(req, res).catch((err) => { res.statusCode = 500; res.end(String(err.stack)); });
});
console.log('ready');
