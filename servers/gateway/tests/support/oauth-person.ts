/** Pages that a person goes through at most, so that a circle of redirects ends. */
const MAX_PAGES = 20;

/** What a browser keeps for one host. */
class Cookies {
  readonly #all = new Map<string, string>();

  take(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = line.split(";", 1)[0]?.split("=") ?? [];
      if (value === "" || /expires=Thu, 01 Jan 1970/i.test(line)) this.#all.delete(name);
      else this.#all.set(name, value);
    }
  }

  get header(): string {
    return [...this.#all].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}

/** What a page asks its reader to send, filled in: who they are, and that they let the client. */
function filledForm(html: string): { action: string; body: URLSearchParams } {
  const [, action] = /<form[^>]*action="([^"]+)"/.exec(html) ?? [];
  if (action === undefined) throw new Error(`There is no form in: ${html}`);
  const body = new URLSearchParams();
  for (const [, field = ""] of html.matchAll(/<input([^>]*)>/g)) {
    const [, name] = /name="([^"]+)"/.exec(field) ?? [];
    const [, value] = /value="([^"]*)"/.exec(field) ?? [];
    if (name !== undefined) body.set(name, value || "agent");
  }
  return { action, body };
}

/**
 * Signs in and consents as a person would, by the pages of the authorization server, and returns what it sends
 * back to the client's own address, which nobody has to listen on.
 */
export async function signIn(authorize: URL, redirectUrl: string): Promise<URLSearchParams> {
  const cookies = new Cookies();
  let url = authorize;
  let body: URLSearchParams | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const response = await fetch(url, {
      redirect: "manual",
      headers: { cookie: cookies.header, accept: "text/html" },
      ...(body && { method: "POST", body }),
    });
    cookies.take(response);
    const location = response.headers.get("location");
    const text = await response.text();
    body = undefined;
    if (location !== null) {
      url = new URL(location, url);
      if (url.href.startsWith(redirectUrl)) return url.searchParams;
    } else {
      const form = filledForm(text);
      url = new URL(form.action, url);
      body = form.body;
    }
  }
  throw new Error("The authorization server never sent back to the client");
}
