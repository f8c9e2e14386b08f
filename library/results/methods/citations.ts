/** What a methods section cites. */

/** A work to be cited. */
export interface Citation {
  /** Key of the BibTeX entry. */
  readonly key: string;
  /** As a list of references has it. */
  readonly text: string;
  /** The entry. */
  readonly bibtex: string;
}

/** Fields of an entry, in their order. */
type Fields = readonly (readonly [name: string, value: string])[];

function bibtex(kind: string, key: string, fields: Fields): string {
  return `@${kind}{${key},\n${fields.map(([name, value]) => `  ${name} = {${value}},\n`).join("")}}\n`;
}

const clusteringTitle =
  "Unsupervised clustering algorithm for efficient processing of 4D-STEM and 5D-STEM data";

/** The method of clustering, and the hybrid of averaged orientations and raw patterns. */
export const clusteringPaper: Citation = {
  key: "lee_clustering",
  text: `S. Lee, S. M. Ribet, A. R. C. McCray, A. Barnum, J. A. Dionne and C. Ophus, ${clusteringTitle}.`,
  bibtex: bibtex("unpublished", "lee_clustering", [
    [
      "author",
      "Lee, Serin and Ribet, Stephanie M. and McCray, Arthur R. C. and Barnum, Andrew and Dionne, Jennifer A. and Ophus, Colin",
    ],
    ["title", `{${clusteringTitle}}`],
  ]),
};

/** The program. */
export function programCitation(version: string): Citation {
  return {
    key: "crystallite",
    text: `The crystallite developers, crystallite, version ${version}.`,
    bibtex: bibtex("software", "crystallite", [
      ["author", "{The crystallite developers}"],
      ["title", "crystallite"],
      ["version", version],
    ]),
  };
}

/** Matching of patterns with crystals. */
export const matchingPaper: Citation = {
  key: "ophus_orientation_2022",
  text:
    "C. Ophus et al., Automated crystal orientation mapping in py4DSTEM using sparse correlation matching, " +
    "Microsc. Microanal. 28, 390 (2022), doi:10.1017/S1431927622000101.",
  bibtex: bibtex("article", "ophus_orientation_2022", [
    ["author", "Ophus, Colin and others"],
    ["title", "Automated crystal orientation mapping in {py4DSTEM} using sparse correlation matching"],
    ["journal", "Microscopy and Microanalysis"],
    ["volume", "28"],
    ["pages", "390--403"],
    ["year", "2022"],
    ["doi", "10.1017/S1431927622000101"],
  ]),
};

/** Scattering factors of atoms. */
export const scatteringPaper: Citation = {
  key: "lobato_scattering_2014",
  text:
    "I. Lobato and D. Van Dyck, An accurate parameterization for scattering factors, electron densities and " +
    "electrostatic potentials for neutral atoms that obey all physical constraints, Acta Cryst. A70, 636 (2014), " +
    "doi:10.1107/S205327331401643X.",
  bibtex: bibtex("article", "lobato_scattering_2014", [
    ["author", "Lobato, I. and Van Dyck, D."],
    [
      "title",
      "An accurate parameterization for scattering factors, electron densities and electrostatic potentials for neutral " +
      "atoms that obey all physical constraints",
    ],
    ["journal", "Acta Crystallographica Section A"],
    ["volume", "70"],
    ["pages", "636--649"],
    ["year", "2014"],
    ["doi", "10.1107/S205327331401643X"],
  ]),
};

/** The threshold of a histogram by a triangle. */
export const trianglePaper: Citation = {
  key: "zack_triangle_1977",
  text:
    "G. W. Zack, W. E. Rogers and S. A. Latt, Automatic measurement of sister chromatid exchange frequency, " +
    "J. Histochem. Cytochem. 25, 741 (1977), doi:10.1177/25.7.70454.",
  bibtex: bibtex("article", "zack_triangle_1977", [
    ["author", "Zack, G. W. and Rogers, W. E. and Latt, S. A."],
    ["title", "Automatic measurement of sister chromatid exchange frequency"],
    ["journal", "Journal of Histochemistry and Cytochemistry"],
    ["volume", "25"],
    ["pages", "741--753"],
    ["year", "1977"],
    ["doi", "10.1177/25.7.70454"],
  ]),
};
