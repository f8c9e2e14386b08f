/** The one page of the viewer. */

import Viewer from "../islands/Viewer.tsx";
import { define } from "../serving/define.ts";

export default define.page(({ url }) => <Viewer open={url.searchParams.get("open")} />);
