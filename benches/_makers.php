<?php
/** A maker of PDFs in PHP: php _makers.php FOLDER < letters.json, its fonts anew in the folder. */
require_once 'tcpdf/tcpdf.php';

foreach (json_decode(stream_get_contents(STDIN), true) as $letter) {
    $fonts = $argv[1] . '/fonts/';
    @mkdir($fonts);
    $font = TCPDF_FONTS::addTTFfont($letter['file'], 'TrueTypeUnicode', '', 32, $fonts);
    $pdf = new TCPDF('P', 'pt', 'A4', true, 'UTF-8', false);
    $pdf->setPrintHeader(false);
    $pdf->setPrintFooter(false);
    $pdf->SetMargins(57, 57, 57);
    $pdf->setRTL($letter['language'] === 'ar');
    $pdf->AddPage();
    $pdf->SetFont($font, '', $letter['size'], "$fonts$font.php");
    preg_match('#<body.*</body>#s', $letter['page'], $body);
    $pdf->writeHTML($body[0], true, false, false, false, '');
    $pdf->Output(sprintf('%s/%03d.pdf', $argv[1], $letter['number']), 'F');
}
