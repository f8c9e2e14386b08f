/** The one page of the viewer. */

import { Head } from "fresh/runtime";
import { Arrangement } from "../viewer/arrangement/Arrangement.tsx";
import { define } from "../viewer/server/define.ts";

export default define.page(() => (
  <>
    <Head>
      <title>crystallite</title>
    </Head>
    <Arrangement />
  </>
));
