/** Where a mistake costs money, secrets or other accounts. */
interface SensitiveClass {
  /** As it follows "it is". */
  readonly what: string;
  /** Domains, each with all hosts below it. */
  readonly domains: string;
  /** First labels of hosts that such sites have, such as `webmail` of webmail.example.com. */
  readonly labels?: string;
}

const CLASSES: readonly SensitiveClass[] = [
  {
    what: 'a bank or a broker',
    domains: `bank bankofamerica.com chase.com wellsfargo.com citi.com citibank.com capitalone.com usbank.com
      americanexpress.com hsbc.com hsbc.co.uk barclays.co.uk lloydsbank.co.uk natwest.com santander.com
      santander.co.uk revolut.com monzo.com n26.com wise.com ing.com ing.de ing.nl deutsche-bank.de commerzbank.de
      sparkasse.de dkb.de comdirect.de bnpparibas.com mabanque.bnpparibas credit-agricole.fr societegenerale.fr
      unicredit.it intesasanpaolo.com bbva.es caixabank.es ubs.com postfinance.ch rbc.com td.com scotiabank.com
      commbank.com.au westpac.com.au nab.com.au anz.com.au icicibank.com hdfcbank.com onlinesbi.sbi fidelity.com
      schwab.com vanguard.com etrade.com robinhood.com interactivebrokers.com traderepublic.com`,
    labels: 'banking ebanking e-banking onlinebanking online-banking netbanking netbank internetbanking',
  },
  {
    what: 'a payment service or a wallet',
    domains: `paypal.com venmo.com cash.app dashboard.stripe.com pay.google.com wallet.google.com pay.amazon.com
      klarna.com alipay.com coinbase.com binance.com kraken.com bitstamp.net gemini.com crypto.com blockchain.com
      metamask.io`,
  },
  {
    what: 'a mailbox',
    domains: `mail.google.com inbox.google.com outlook.live.com outlook.office.com outlook.office365.com
      outlook.com hotmail.com mail.yahoo.com mail.aol.com mail.proton.me protonmail.com tuta.com app.fastmail.com
      mail.zoho.com gmx.net gmx.com web.de mail.ru mail.yandex.com mail.icloud.com hey.com`,
    labels: 'webmail roundcube owa',
  },
  {
    what: 'a health service',
    domains: `mychart.org mychart.com healthcare.gov nhs.uk kaiserpermanente.org myhealth.va.gov
      doctolib.de doctolib.fr ameli.fr monespacesante.fr tk.de aok.de teladoc.com zocdoc.com 23andme.com`,
    labels: 'mychart patientportal patient-portal',
  },
  {
    what: 'a place to sign in to other sites',
    domains: `accounts.google.com myaccount.google.com login.live.com account.live.com account.microsoft.com
      login.microsoftonline.com login.microsoft.com mysignins.microsoft.com appleid.apple.com account.apple.com
      idmsa.apple.com icloud.com okta.com oktapreview.com auth0.com onelogin.com duosecurity.com pingone.com
      pingidentity.com b2clogin.com login.gov id.me awsapps.com`,
    labels: 'sso idp adfs keycloak',
  },
  {
    what: 'the control of servers, code or domains',
    domains: `console.aws.amazon.com signin.aws.amazon.com portal.azure.com entra.microsoft.com admin.microsoft.com
      console.cloud.google.com admin.google.com console.firebase.google.com dash.cloudflare.com
      cloud.digitalocean.com console.hetzner.cloud cloud.oracle.com cloud.ibm.com dashboard.heroku.com
      app.netlify.com porkbun.com namecheap.com godaddy.com dashboard.ngrok.com
      app.terraform.io`,
    labels: 'cpanel whm phpmyadmin plesk',
  },
  {
    what: 'a store of passwords',
    domains: `1password.com 1password.eu 1password.ca bitwarden.com bitwarden.eu lastpass.com dashlane.com
      keepersecurity.com nordpass.com passwords.google.com roboform.com`,
    labels: 'vault vaultwarden',
  },
  {
    what: 'an office of the state',
    domains: `irs.gov ssa.gov tax.service.gov.uk elster.de impots.gouv.fr franceconnect.gouv.fr
      agenziaentrate.gov.it my.gov.au ato.gov.au cra-arc.gc.ca uscis.gov`,
  },
];

const words = (text = ''): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

const DOMAINS: ReadonlyMap<string, string> = new Map(
  CLASSES.flatMap(({ what, domains }) => words(domains).map((domain) => [domain, what] as const)),
);

const LABELS: ReadonlyMap<string, string> = new Map(
  CLASSES.flatMap(({ what, labels }) => words(labels).map((label) => [label, what] as const)),
);

/** What makes a host one to ask about first, as it follows "it is"; `null` for others. */
export function sensitivityOf(host: string): string | null {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  for (const at of labels.keys()) {
    const what = DOMAINS.get(labels.slice(at).join('.'));
    if (what !== undefined) return what;
  }
  return labels.length > 2 ? (LABELS.get(labels[0] ?? '') ?? null) : null;
}
