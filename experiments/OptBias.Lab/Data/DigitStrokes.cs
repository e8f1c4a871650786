namespace OptBias.Lab.Data;

/// <summary>A point of a stroke; (0, 0) is the upper left corner of the digit's box, (1, 1) the lower right one.</summary>
internal readonly record struct StrokePoint(double X, double Y);

/// <summary>A line of the pen.</summary>
/// <param name="Smooth">Whether a curve runs through the points; else straight lines join them.</param>
/// <param name="Points">The points in the order of the pen.</param>
internal sealed record Stroke(bool Smooth, StrokePoint[] Points);

/// <summary>How people write the ten digits: for each a few ways, each way a few strokes.</summary>
internal static class DigitStrokes
{
    /// <summary>The ways to write each digit: [digit][way][stroke].</summary>
    public static Stroke[][][] Ways { get; } =
    [
        [
            [Curve(.52, .04, .24, .2, .14, .5, .24, .82, .5, .96, .77, .8, .86, .5, .76, .2, .52, .04)],
        ],
        [
            [Line(.5, .04, .5, .96)],
            [Line(.3, .24, .53, .04, .53, .96)],
            [Line(.3, .24, .53, .04, .53, .96), Line(.3, .96, .76, .96)],
        ],
        [
            [Curve(.2, .28, .3, .1, .52, .04, .74, .13, .78, .33, .62, .58, .4, .78, .17, .95), Line(.17, .95, .85, .94)],
            [Curve(.2, .26, .34, .07, .6, .06, .77, .24, .66, .52, .42, .76, .2, .92, .24, .78, .42, .8, .62, .94, .85, .88)],
        ],
        [
            [Curve(.2, .15, .45, .04, .71, .13, .73, .33, .44, .47), Curve(.44, .47, .75, .56, .8, .78, .52, .96, .18, .86)],
            [Line(.22, .06, .76, .06, .44, .42), Curve(.44, .42, .74, .5, .82, .74, .54, .96, .18, .86)],
        ],
        [
            [Line(.3, .05, .16, .6, .86, .6), Line(.68, .22, .68, .96)],
            [Line(.64, .05, .14, .66, .9, .66), Line(.64, .05, .64, .96)],
        ],
        [
            [Line(.8, .06, .3, .06, .25, .45), Curve(.25, .45, .5, .37, .76, .5, .79, .76, .52, .95, .18, .87)],
        ],
        [
            [Curve(.7, .05, .42, .18, .22, .48, .21, .76, .45, .96, .74, .86, .77, .63, .52, .5, .25, .66)],
            [Curve(.52, .04, .3, .36, .2, .7, .38, .95, .68, .92, .78, .7, .58, .55, .3, .64, .22, .76)],
        ],
        [
            [Line(.16, .07, .83, .07), Curve(.83, .07, .62, .42, .44, .96)],
            [Line(.16, .07, .83, .07), Curve(.83, .07, .62, .42, .44, .96), Line(.36, .5, .76, .5)],
            [Line(.18, .2, .2, .07, .84, .07, .5, .96)],
        ],
        [
            [Curve(.5, .48, .27, .34, .3, .12, .5, .04, .7, .12, .73, .34, .5, .48, .23, .66, .25, .87, .5, .96, .75, .87, .77, .66, .5, .48)],
            [Curve(.76, .16, .5, .04, .26, .18, .4, .4, .66, .58, .74, .82, .5, .96, .26, .82, .36, .56, .62, .4, .76, .16)],
        ],
        [
            [Curve(.75, .3, .62, .07, .36, .07, .22, .29, .36, .51, .62, .47, .75, .3), Curve(.75, .26, .74, .6, .62, .96)],
            [Curve(.75, .3, .62, .07, .36, .07, .22, .29, .36, .51, .62, .47, .75, .3), Curve(.75, .26, .77, .66, .58, .93, .24, .9)],
        ],
    ];

    private static Stroke Curve(params double[] coordinates) => new(true, Points(coordinates));

    private static Stroke Line(params double[] coordinates) => new(false, Points(coordinates));

    private static StrokePoint[] Points(double[] coordinates) =>
        [.. coordinates.Chunk(2).Select(pair => new StrokePoint(pair[0], pair[1]))];
}
