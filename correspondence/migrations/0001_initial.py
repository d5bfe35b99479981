import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '0001_initial'),
        ('org', '__first__'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Circuit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_ar', models.CharField(max_length=200, verbose_name='name in Arabic')),
                ('name_fr', models.CharField(max_length=200, verbose_name='name in French')),
                ('name_en', models.CharField(max_length=200, verbose_name='name in English')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
                ('version', models.PositiveIntegerField(default=0)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='circuits', to='org.department', verbose_name='department')),
                ('kind', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.letterkind', verbose_name='kind')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['active', 'department', 'kind'], name='circuit_fitting')],
            },
        ),
        migrations.CreateModel(
            name='PostingList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('post', 'Post'), ('registered', 'Registered post with acknowledgement')], max_length=11)),
                ('year', models.PositiveSmallIntegerField()),
                ('serial', models.PositiveIntegerField()),
                ('count', models.PositiveIntegerField()),
                ('closed_at', models.DateTimeField()),
                ('closed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.storedfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('way', 'year', 'serial'), name='one_posting_list'), models.CheckConstraint(condition=models.Q(('way__in', ['post', 'registered'])), name='posting_list_way_known')],
                'indexes': [models.Index(fields=['-closed_at', '-id'], name='posting_list_newest')],
            },
        ),
        migrations.CreateModel(
            name='ReplyTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('language', models.CharField(choices=[('ar', 'Arabic'), ('fr', 'French'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.department')),
                ('kind', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.letterkind')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('language__in', ['ar', 'fr', 'en'])), name='template_language_known')],
                'indexes': [models.Index(fields=['department', 'retired_at'], name='template_of_department')],
            },
        ),
        migrations.CreateModel(
            name='SignaturePicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('current', models.BooleanField(default=True)),
                ('given_at', models.DateTimeField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.storedfile')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signature_pictures', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('current', True)), fields=('person',), name='one_current_signature')],
            },
        ),
        migrations.CreateModel(
            name='CircuitStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(verbose_name='rank')),
                ('act', models.CharField(choices=[('visa', 'Visa'), ('signature', 'Signature')], default='visa', max_length=9, verbose_name='act')),
                ('who', models.CharField(choices=[('head', 'Head of the reply’s department'), ('director', 'Director'), ('person', 'A person'), ('head_of', 'Head of a department'), ('head_or_director', 'Head of the reply’s department, or director')], default='head', max_length=16, verbose_name='who')),
                ('circuit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='correspondence.circuit')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.department')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['rank', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('act__in', ['visa', 'signature'])), name='circuit_act_known'), models.CheckConstraint(condition=models.Q(('who__in', ['head', 'director', 'head_or_director']), models.Q(('person__isnull', False), ('who', 'person')), models.Q(('department__isnull', False), ('who', 'head_of')), _connector='OR'), name='circuit_step_falls_to_somebody')],
            },
        ),
        migrations.CreateModel(
            name='TemplateVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('format', models.CharField(choices=[('docx', 'Word (DOCX)'), ('html', 'Web page (HTML)'), ('text', 'Plain text')], max_length=4, verbose_name='format')),
                ('file_name', models.CharField(max_length=255)),
                ('made_at', models.DateTimeField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.storedfile')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='correspondence.replytemplate')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('template', 'number'), name='one_template_version'), models.CheckConstraint(condition=models.Q(('format__in', ['docx', 'html', 'text'])), name='template_format_known')],
            },
        ),
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(max_length=500, verbose_name='subject')),
                ('body', models.TextField(blank=True, verbose_name='text')),
                ('confidentiality', models.PositiveSmallIntegerField(default=0)),
                ('language', models.CharField(blank=True, max_length=2)),
                ('doing', models.CharField(blank=True, choices=[('make', 'Being written'), ('submit', 'Being submitted'), ('approve', 'Being approved'), ('send', 'Being sent')], max_length=7)),
                ('method', models.CharField(blank=True, max_length=20)),
                ('made_at', models.DateTimeField()),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.department')),
                ('letter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mailings', to='registry.letter')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='correspondence.templateversion')),
            ],
            options={
                'indexes': [models.Index(fields=['department', '-made_at', '-id'], name='mailing_of_department'), models.Index(fields=['-made_at', '-id'], name='mailing_newest')],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waiting for approval'), ('approved', 'Approved'), ('signed', 'Signed'), ('sent', 'Sent'), ('delivered', 'Delivered'), ('bounced', 'Not delivered')], default='draft', max_length=9, verbose_name='state')),
                ('subject', models.CharField(max_length=500, verbose_name='subject')),
                ('body', models.TextField(blank=True, verbose_name='text')),
                ('file_name', models.CharField(blank=True, max_length=255)),
                ('remark', models.CharField(blank=True, max_length=500, verbose_name='remark')),
                ('signed_level', models.CharField(blank=True, db_default='', default='', max_length=7)),
                ('archive_level', models.CharField(blank=True, choices=[('pdfa', 'PDF/A, made to last'), ('picture', 'PDF/A of pictures, without text'), ('as_is', 'Not archival: as it was uploaded')], db_default='', default='', max_length=7)),
                ('archive_problem', models.CharField(blank=True, db_default='', default='', max_length=11)),
                ('direction', models.CharField(choices=[('out', 'Outgoing'), ('internal', 'Internal')], db_default='out', default='out', max_length=8)),
                ('confidentiality', models.PositiveSmallIntegerField(choices=[(0, 'Ordinary'), (1, 'Confidential'), (2, 'Secret')], db_default=0, default=0, verbose_name='confidentiality')),
                ('language', models.CharField(blank=True, db_default='', default='', max_length=2)),
                ('answer_by', models.DateField(blank=True, null=True, verbose_name='answer by')),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('archive_file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.storedfile')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.department')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.storedfile')),
                ('letter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='registry.letter')),
                ('mailing', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='correspondence.mailing')),
                ('outgoing', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reply_behind', to='registry.letter')),
                ('signed_file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.storedfile')),
            ],
            options={
                'verbose_name_plural': 'replies',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outgoing__isnull', False), ('state__in', ['signed', 'sent', 'delivered', 'bounced'])), models.Q(('outgoing__isnull', True), ('state__in', ['draft', 'submitted', 'approved'])), _connector='OR'), name='sent_reply_has_a_number'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', False), ('state__in', ['draft', 'submitted']), _connector='OR'), name='reply_leaves_approved'), models.CheckConstraint(condition=models.Q(models.Q(('body', ''), _negated=True), ('file__isnull', False), _connector='OR'), name='reply_says_something'), models.CheckConstraint(condition=models.Q(('letter__isnull', False), ('outgoing__isnull', True), _connector='OR'), name='sent_reply_has_a_history'), models.CheckConstraint(condition=models.Q(('direction__in', ['out', 'internal'])), name='reply_direction_known'), models.CheckConstraint(condition=models.Q(('archive_level__in', ['', 'pdfa', 'picture', 'as_is'])), name='reply_lasting_known')],
                'indexes': [models.Index(fields=['letter', 'state'], name='reply_of_letter'), models.Index(fields=['department', '-changed_at', '-id'], name='reply_of_department'), models.Index(fields=['-changed_at', '-id'], name='reply_newest')],
            },
        ),
        migrations.CreateModel(
            name='Addressee',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='organisation')),
                ('address', models.CharField(blank=True, max_length=400, verbose_name='address')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                ('role', models.CharField(choices=[('recipient', 'Recipient'), ('copy', 'Copy')], default='recipient', max_length=9)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.department')),
                ('reply', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addressees', to='correspondence.reply')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('reply', 'position'), name='one_addressee'), models.CheckConstraint(condition=models.Q(('role__in', ['recipient', 'copy'])), name='addressee_role_known')],
            },
        ),
        migrations.CreateModel(
            name='AlsoAnswered',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('active', models.BooleanField(default=True)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answered_with', to='registry.letter')),
                ('reply', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='also', to='correspondence.reply')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('reply', 'letter'), name='also_answered_once')],
            },
        ),
        migrations.CreateModel(
            name='Dispatch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('method', models.CharField(choices=[('email', 'E-mail'), ('post', 'Post'), ('registered', 'Registered post with acknowledgement'), ('handed_over', 'Handed over'), ('portal', "Citizen's page"), ('sms', "SMS, to be read on the citizen's page")], max_length=11, verbose_name='method')),
                ('address', models.CharField(blank=True, max_length=400, verbose_name='address')),
                ('state', models.CharField(choices=[('waiting', 'Waiting to leave'), ('sent', 'Sent'), ('delivered', 'Received'), ('failed', 'Failed'), ('handed_over', 'Handed over')], default='waiting', max_length=11, verbose_name='state')),
                ('proof', models.JSONField(default=dict)),
                ('asked_at', models.DateTimeField()),
                ('at', models.DateTimeField(blank=True, null=True, verbose_name='left')),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dispatches', to='registry.letter')),
                ('proof_file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.storedfile')),
                ('reply', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dispatches', to='correspondence.reply')),
            ],
            options={
                'verbose_name_plural': 'dispatches',
                'ordering': ['asked_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'delivered', 'failed', 'handed_over'])), name='dispatch_state_known'), models.CheckConstraint(condition=models.Q(('method__in', ['email', 'post', 'registered', 'handed_over', 'portal', 'sms'])), name='dispatch_method_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['sent', 'delivered', 'handed_over']), _negated=True), models.Q(('at__isnull', False), models.Q(('proof', {}), _negated=True)), _connector='OR'), name='sent_needs_a_proof'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('reply', 'method'), name='one_waiting_dispatch_a_way')],
                'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True), ('state', 'failed')), fields=['-asked_at', '-id'], name='dispatch_came_back'), models.Index(condition=models.Q(('method', 'registered'), ('state', 'sent')), fields=['at', 'id'], name='dispatch_unacknowledged'), models.Index(condition=models.Q(('method', 'handed_over'), ('state', 'waiting')), fields=['asked_at', 'id'], name='dispatch_at_the_counter')],
            },
        ),
        migrations.CreateModel(
            name='MailingLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='organisation')),
                ('address', models.CharField(blank=True, max_length=400, verbose_name='address')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                ('problem', models.CharField(blank=True, max_length=300)),
                ('mailing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='correspondence.mailing')),
                ('reply', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mailing_line', to='correspondence.reply')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('mailing', 'position'), name='one_mailing_line')],
            },
        ),
        migrations.CreateModel(
            name='ReplyStep',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('round', models.PositiveSmallIntegerField()),
                ('position', models.PositiveSmallIntegerField()),
                ('rank', models.PositiveSmallIntegerField()),
                ('act', models.CharField(choices=[('visa', 'Visa'), ('signature', 'Signature')], max_length=9)),
                ('who', models.CharField(choices=[('head', 'Head of the reply’s department'), ('director', 'Director'), ('person', 'A person'), ('head_of', 'Head of a department'), ('head_or_director', 'Head of the reply’s department, or director')], max_length=16)),
                ('state', models.CharField(choices=[('later', 'Not yet'), ('due', 'Waiting'), ('done', 'Done'), ('returned', 'Returned'), ('dropped', 'Not needed any more')], default='later', max_length=8)),
                ('done_at', models.DateTimeField(null=True)),
                ('remark', models.CharField(blank=True, max_length=500)),
                ('level', models.CharField(blank=True, choices=[('none', 'Without electronic signature'), ('stamp', 'Scanned signature'), ('pades_b', 'PAdES B-B'), ('pades_t', 'PAdES B-T, with timestamp')], max_length=7)),
                ('circuit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='correspondence.circuit')),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.department')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('for_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('picture', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.storedfile')),
                ('reply', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='correspondence.reply')),
            ],
            options={
                'ordering': ['round', 'position'],
                'constraints': [models.UniqueConstraint(fields=('reply', 'round', 'position'), name='one_reply_step'), models.CheckConstraint(condition=models.Q(('state__in', ['later', 'due', 'done', 'returned', 'dropped'])), name='reply_step_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('done_by__isnull', False), ('state__in', ['done', 'returned']), ('done_at__isnull', False)), models.Q(('done_by__isnull', True), ('state__in', ['later', 'due', 'dropped'])), _connector='OR'), name='reply_step_done_by_somebody')],
                'indexes': [models.Index(fields=['state', 'person'], name='step_of_person'), models.Index(fields=['state', 'department'], name='step_of_head'), models.Index(fields=['state', 'who'], name='step_of_duty')],
            },
        ),
        migrations.CreateModel(
            name='PostingLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0)),
                ('tracking_number', models.CharField(blank=True, max_length=30, verbose_name='tracking number')),
                ('weight', models.PositiveIntegerField(blank=True, null=True, verbose_name='weight in grams')),
                ('postage', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name='postage')),
                ('dispatch', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='posting_line', to='correspondence.dispatch')),
                ('posting_list', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='correspondence.postinglist')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('tracking_number', ''), _negated=True), fields=('tracking_number',), name='one_tracking_number'), models.UniqueConstraint(condition=models.Q(('posting_list__isnull', False)), fields=('posting_list', 'position'), name='one_posting_position')],
                'indexes': [models.Index(condition=models.Q(('posting_list__isnull', True)), fields=['id'], name='posting_line_waits')],
            },
        ),
    ]
