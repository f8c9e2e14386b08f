/** The document around the page. */

import { startEarly, workerAddress } from "../viewer/labels/labelling_client.ts";
import { askEarly } from "../viewer/page/opening/early.ts";
import { define } from "../viewer/server/define.ts";

const styles = ["base", "layout", "panes", "inspector", "series", "cover", "figure"];

export default define.page(({ Component }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="dark light" />
      <title>crystallite</title>
      <script
        dangerouslySetInnerHTML={{
          __html: `(${askEarly})();(${startEarly})(${JSON.stringify(workerAddress)})`,
        }}
      />
      <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      {styles.map((name) => <link key={name} rel="stylesheet" href={`/styles/${name}.css`} />)}
    </head>
    <body>
      <Component />
    </body>
  </html>
));
